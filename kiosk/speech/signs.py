"""The words for signs that a voice would swallow or mumble, language by language. No speaker has checked those yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Signs:
    """What is said for the dot, slash and dash of a web address, the at of a mail address, % and "9–12"."""

    dot: str
    slash: str
    dash: str
    at: str
    percent: str
    to: str


SIGNS = {
    "ar": Signs("نقطة", "شرطة مائلة", "شرطة", "آت", "بالمئة", "إلى"),
    "bn": Signs("ডট", "স্ল্যাশ", "ড্যাশ", "অ্যাট", "শতাংশ", "থেকে"),
    "en": Signs("dot", "slash", "dash", "at", "percent", "to"),
    "pl": Signs("kropka", "ukośnik", "myślnik", "małpa", "procent", "do"),
    "pt": Signs("ponto", "barra", "hífen", "arroba", "por cento", "a"),
    "ro": Signs("punct", "bară", "cratimă", "arond", "la sută", "până la"),
    "ur": Signs("ڈاٹ", "سلیش", "ڈیش", "ایٹ", "فیصد", "سے"),
}


def signs_in(language: str) -> Signs:
    """Return the words of a language, those of English where it has none."""
    return SIGNS.get(language, SIGNS["en"])
