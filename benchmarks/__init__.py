"""Figures that the guide is held to, measured on the shipped content; `make bench` prints them."""
