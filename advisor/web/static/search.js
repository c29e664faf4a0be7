/* Search as you type, and "/" to reach the box; the form works without either. */

const box = document.querySelector(".header .search__input");
const list = document.querySelector(".search__found");
const lang = document.documentElement.lang.slice(0, 2);
let latest = 0;
let waiting;

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
  }
});

const close = () => {
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
};

const show = (hits) => {
  list.replaceChildren(...hits.slice(0, 6).map((hit) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.url;
    link.textContent = hit.title[lang];
    item.append(link);
    return item;
  }));
  list.hidden = !hits.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
};

const ask = async () => {
  const query = box.value.trim();
  const mine = ++latest;
  if (query.length < 2) return close();
  const answer = await fetch(`/api/v1/search?${new URLSearchParams({ q: query, lang })}`);
  if (mine === latest && answer.ok) show((await answer.json()).hits);
};

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 120);
});

/* Arrow keys walk through the list; Escape closes it. */
box.form.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    close();
    box.focus();
  } else if (event.key === "ArrowDown" && !list.hidden) {
    event.preventDefault();
    links[Math.min(at + 1, links.length - 1)].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (links[at - 1] ?? box).focus();
  }
});

box.form.addEventListener("focusout", (event) => box.form.contains(event.relatedTarget) || close());
