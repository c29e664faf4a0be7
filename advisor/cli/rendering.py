"""Advice as tables in the terminal, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rich import box
from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from advisor.knowledge.model import Lang, Text
from advisor.knowledge.text import date_text, list_text
from advisor.loading import Advisor
from advisor.rules.advice import Advice, Assessment, Filing, Finding, Verdict
from advisor.rules.costs import Bounds
from advisor.rules.wording import (
    CONFIDENCE_NAMES,
    EFFECT_NAMES,
    FILING_NAMES,
    SIDE_NAMES,
    STATUS_NAMES,
    VERDICT_NAMES,
    period_text,
)

_STYLE: Final[dict[Verdict, str]] = {
    "eligible": "bold green",
    "conditional": "bold yellow",
    "undetermined": "bold blue",
    "not-eligible": "bold red",
}
_SIGN: Final[dict[Verdict, str]] = {"eligible": "✔", "conditional": "◐", "undetermined": "?", "not-eligible": "✖"}

_WORDS: Final[dict[str, Text]] = {
    "findings": Text(zh="结论依据", en="Why"),
    "documents": Text(zh="需要准备的文件", en="Documents"),
    "obligations": Text(zh="要做的事和期限", en="Duties and deadlines"),
    "changes": Text(zh="接下来的变化", en="What changes"),
    "missing": Text(zh="还不知道的", en="Still unknown"),
    "next": Text(zh="下一个问题", en="Next question"),
    "costs": Text(zh="进口人要付的税费（{}）", en="What the importer pays ({})"),
    "total": Text(zh="税费合计", en="Duty, taxes and fees"),
    "landed": Text(zh="到岸后总成本", en="Landed cost"),
    "not known": Text(zh="不详", en="not known"),
    "at least": Text(zh="至少{}", en="at least {}"),
    "to": Text(zh="{}至{}", en="{} to {}"),
    "lacking": Text(zh="缺汇率：{}", en="no exchange rate for {}"),
    "cautions": Text(zh="注意", en="Cautions"),
    "sources": Text(zh="来源", en="Sources"),
    "clear": Text(zh="另有{}条规则与本案不冲突。", en="{} other rules were checked and are clear."),
    "as of": Text(zh="按{}判断", en="Judged on {}"),
    "reviewed": Text(zh="资料复核于{}", en="entry reviewed {}"),
    "maybe": Text(zh="可能", en="perhaps"),
    "deposit": Text(zh="以后退还，不计入合计", en="returned later, not in the total"),
    "held": Text(zh="已有", en="in hand"),
    "within": Text(zh="自{event}起{period}内", en="{period} from {event}"),
    "by": Text(zh="最迟{}", en="by {}"),
}


def render_advice(advice: Advice, advisor: Advisor, lang: Lang) -> None:
    """Print what the guide says of a vehicle; colours only where the terminal has them."""
    _render(_head(advice, lang), advice, [_costs(advice, advisor, lang)], advisor, lang)


def render_filing(found: Filing, advisor: Advisor, lang: Lang) -> None:
    """Print what the guide says of a company that wants to be filed as an exporter."""
    dates = _WORDS["as of"][lang].format(date_text(found.case.as_of, lang))
    verdict = _verdict(found.verdict, FILING_NAMES, lang)
    head = Panel(Group(f"{verdict}  ·  {SIDE_NAMES['filing'][lang]}", f"[dim]{dates}[/dim]"), expand=False)
    _render(head, found, [], advisor, lang)


def _render(head: Panel, found: Assessment, more: Iterable[Table], advisor: Advisor, lang: Lang) -> None:
    console = Console(highlight=False)
    console.print(head)
    shown = [finding for finding in found.findings if finding.status != "clear"]
    if shown:
        console.print(_findings(shown, advisor, lang))
    cleared = len(found.findings) - len(shown)
    console.print(_WORDS["clear"][lang].format(cleared), style="dim")
    tables = (_documents(found, advisor, lang), _obligations(found, advisor, lang), _changes(found, lang), *more)
    for table in tables:
        if table.row_count:
            console.print(table)
    _lines(console, _WORDS["cautions"][lang], (caution[lang] for caution in found.cautions))
    labels = [advisor.engine.reasoner.label(name, lang) for name in found.missing]
    _lines(console, _WORDS["missing"][lang], labels)
    if found.next_question:
        question = found.next_question
        _lines(console, _WORDS["next"][lang], [f"{question.title[lang]}  --set {question.field}=…"])


def _head(advice: Advice, lang: Lang) -> Panel:
    sides = "  ".join(
        f"{SIDE_NAMES[side][lang]}：{_verdict(v, VERDICT_NAMES, lang)}"
        if lang == "zh"
        else f"{SIDE_NAMES[side][lang]}: {_verdict(v, VERDICT_NAMES, lang)}"
        for side, v in advice.sides.items()
    )
    dates = _WORDS["as of"][lang].format(date_text(advice.case.as_of, lang))
    reviewed = _WORDS["reviewed"][lang].format(date_text(advice.country.reviewed, lang))
    verdict = _verdict(advice.verdict, VERDICT_NAMES, lang)
    return Panel(
        Group(f"{verdict}  ·  {escape(advice.country.names[lang])}", sides, f"[dim]{dates} · {reviewed}[/dim]"),
        expand=False,
    )


def _verdict(verdict: Verdict, names: Mapping[Verdict, Text], lang: Lang) -> str:
    return f"[{_STYLE[verdict]}]{_SIGN[verdict]} {names[verdict][lang]}[/]"


def _table(title: str, columns: int) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE, show_header=False, pad_edge=False
    )
    for at in range(columns):
        table.add_column(overflow="fold", no_wrap=at == 0, vertical="top")
    return table


def _findings(findings: Iterable[Finding], advisor: Advisor, lang: Lang) -> Table:
    table = _table(_WORDS["findings"][lang], 2)
    for finding in findings:
        rule = finding.rule
        state = (
            f"{SIDE_NAMES[rule.side][lang]}\n{EFFECT_NAMES[rule.effect][lang]}\n{STATUS_NAMES[finding.status][lang]}"
        )
        source = advisor.answers.cites(rule.cites)[0]
        cite = f"{source['publisher']}, {source['published'] or '—'}" + (
            f", {source['clause']}" if source["clause"] else ""
        )
        body = f"[bold]{escape(rule.title[lang])}[/]\n{escape(finding.reason[lang])}\n[dim]{escape(cite)} · {CONFIDENCE_NAMES[rule.confidence][lang]} · {rule.id}[/]"
        table.add_row(state, body)
    return table


def _documents(found: Assessment, advisor: Advisor, lang: Lang) -> Table:
    table = _table(_WORDS["documents"][lang], 3)
    stages = {stage.id: stage.names[lang] for stage in advisor.knowledge.stages}
    for needed in found.documents:
        document = needed.document
        mark = _WORDS["held"][lang] if needed.held else "" if needed.certain else _WORDS["maybe"][lang]
        states = "".join(f"\n  · {item[lang]}" for item in document.must_state)
        table.add_row(stages[document.stage], escape(f"{document.names[lang]} — {document.issuer[lang]}{states}"), mark)
    return table


def _obligations(found: Assessment, advisor: Advisor, lang: Lang) -> Table:
    table = _table(_WORDS["obligations"][lang], 3)
    stages = {stage.id: stage.names[lang] for stage in advisor.knowledge.stages}
    for due in found.obligations:
        if due.due:
            when = _WORDS["by"][lang].format(date_text(due.due, lang))
        elif due.obligation.period and due.counted_from:
            period = period_text(due.obligation.period, lang)
            when = _WORDS["within"][lang].format(event=due.counted_from[lang], period=period)
        else:
            when = ""
        mark = "" if due.certain else f" ({_WORDS['maybe'][lang]})"
        table.add_row(stages[due.obligation.stage], escape(due.obligation.title[lang] + mark), when)
    return table


def _changes(found: Assessment, lang: Lang) -> Table:
    table = _table(_WORDS["changes"][lang], 2)
    for change in found.changes:
        begins = {"begins": Text(zh="起", en="from"), "ends": Text(zh="起不再适用", en="ends")}[change.kind]
        day = date_text(change.on, lang)
        when = f"{day}{begins.zh}" if lang == "zh" else f"{begins.en} {day}"
        finding = change.finding
        table.add_row(
            when,
            f"[bold]{escape(finding.rule.title[lang])}[/] ({STATUS_NAMES[finding.status][lang]})\n{escape(finding.reason[lang])}",
        )
    return table


def _costs(advice: Advice, advisor: Advisor, lang: Lang) -> Table:
    costs = advice.costs
    if costs is None:
        return Table()
    table = _table(_WORDS["costs"][lang].format(costs.currency), 3)
    words = advisor.answers.cost_words(advice, costs)
    for cost in (*costs.values, *costs.lines, *costs.deposits):
        mark = "" if cost.certain else f" ({_WORDS['maybe'][lang]})"
        mark += f" ({_WORDS['deposit'][lang]})" if cost.line.kind == "deposit" else ""
        body = escape(words.computation(cost.line)[lang] + mark)
        notes = "".join(f"\n[dim]{escape(one)}[/]" for one in words.not_known(cost, lang))
        table.add_row(escape(cost.line.title[lang]), body + notes, _bounds(cost.amount, lang))
    for name, bounds in (("total", costs.total), ("landed", costs.landed)):
        table.add_row(f"[bold]{_WORDS[name][lang]}[/]", "", f"[bold]{_bounds(bounds, lang)}[/]")
    if costs.missing_rates:
        table.add_row("", _WORDS["lacking"][lang].format(list_text(costs.missing_rates, lang)), "")
    return table


def _bounds(bounds: Bounds, lang: Lang) -> str:
    least = f"{bounds.least:,.2f}"
    if bounds.exact:
        return least
    if bounds.most is None and not bounds.least:
        return _WORDS["not known"][lang]
    if bounds.most is None:
        return _WORDS["at least"][lang].format(least)
    return _WORDS["to"][lang].format(least, f"{bounds.most:,.2f}")


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        console.print(f"\n[bold]{title}[/]")
        for line in lines:
            console.print(f"  · {escape(line)}")
