"""Languages by their own names and greetings, each in its own script, and which way they run."""

from __future__ import annotations

OWN_NAMES = {
    "am": "አማርኛ",
    "ar": "العربية",
    "bg": "Български",
    "bn": "বাংলা",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "it": "Italiano",
    "ku": "Kurdî",
    "lt": "Lietuvių",
    "ne": "नेपाली",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "ps": "پښتو",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "so": "Soomaali",
    "sq": "Shqip",
    "ta": "தமிழ்",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}

GREETINGS = {
    "ar": "أهلاً وسهلاً",
    "bn": "স্বাগতম",
    "cy": "Croeso",
    "en": "Welcome",
    "pl": "Witamy",
    "pt": "Boas-vindas",
    "ro": "Bun venit",
    "ur": "خوش آمدید",
}


def greeting(code: str) -> str:
    """Return the language's "Welcome", or its own name where that is not in the list."""
    return GREETINGS.get(code, own_name(code))


def own_name(code: str) -> str:
    """Return the language's name for itself, or the code of one that is not in the list."""
    return OWN_NAMES.get(code, code)
