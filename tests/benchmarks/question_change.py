"""From a touch to the next question or outcome on the screen, against bare Kivy's labels and buttons that take the same words.

    python -m tests.benchmarks.question_change

Both in one process and one window, turn about: the time from the end of the touch until the frame that shows the next
question is drawn. The bare screen shows each of the question's texts in a Label, or in a Button where a finger can press it.
The kiosk is measured with words it has drawn before; with new words, drawn while the parent reads the question before; and
with new words after a touch that came too soon for that. The outcomes are of one flow, one after another, their words drawn
before: what is measured is the screen.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

from kiosk.bootstrap import bootstrap
from kiosk.settings import load_settings
from kiosk.ui.proof.stage import open_window
from tests.ui.driving import Kiosk

MOST = 1.5  # times the bare screen
ROUNDS = 30

QUESTIONS = ((), (("today", "starting"),))


class Bench:
    """A started kiosk at a question, and a bare screen for the same window."""

    def __init__(self, data: Path) -> None:
        (data / "fonts").mkdir()
        open_window(data / "fonts")
        self.kiosk = Kiosk(bootstrap(replace(load_settings(), data=data, fullscreen=False)))
        self.kiosk.resize(1080, 1920)
        self.root = self.kiosk.app.root
        self.outcomes = self._two_outcomes()
        self.texts = [self._words_at(answers) for answers in reversed(QUESTIONS)]
        load_kivys_looks()
        self.bare = self._bare_screen()
        self.outcome_texts = [self._words_at(answers) for answers in reversed(self.outcomes)]
        self.bare_outcome = self._bare_screen()

    def _two_outcomes(self) -> list:
        """Return the answers that lead to the two longest outcomes of the flow."""
        from kiosk.flow.paths import find_paths
        from kiosk.flow.walk import where

        flow = self.kiosk.app.pack.flows["work"]
        ways = {where(flow, answers).id: answers for answers in find_paths(flow)}
        longest = sorted(ways, key=lambda outcome: len(flow.outcomes[outcome].next), reverse=True)
        return [ways[outcome] for outcome in longest[:2]]

    def _words_at(self, answers) -> list[str]:
        self._show(answers)
        return self.kiosk.words()

    def _show(self, answers) -> None:
        from kiosk.ui.visit import Place, Visit

        self.kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("flow", "work", answers=answers)))
        self._draw()

    def _bare_screen(self):
        from kivy.uix.boxlayout import BoxLayout
        from kivy.uix.button import Button
        from kivy.uix.label import Label

        screen = BoxLayout(orientation="vertical")
        for pressable in self._pressable():
            screen.add_widget((Button if pressable else Label)(font_size=36))
        return screen

    def _pressable(self) -> list[bool]:
        """Which of the texts on the first question's screen, in order, are a finger's to press."""
        from kiosk.ui.widgets.touchable import Touchable
        from kiosk.ui.widgets.words import Words

        def is_pressable(widget) -> bool:
            while widget.parent is not widget:
                if isinstance(widget, Touchable):
                    return True
                widget = widget.parent
            return False

        return [is_pressable(w) for w in self.kiosk.window.children[0].walk() if isinstance(w, Words) and w.text]

    def _draw(self) -> None:
        from kivy.graphics.opengl import glFinish

        self.kiosk.step()
        glFinish()

    def _put(self, shown) -> None:
        for child in list(self.kiosk.window.children):
            self.kiosk.window.remove_widget(child)
        self.kiosk.window.add_widget(shown)
        self.kiosk.settle()

    def bare_change(self, turn: int) -> float:
        return self._change_bare(self.bare, self.texts[turn % 2])

    def bare_outcome_change(self, turn: int) -> float:
        return self._change_bare(self.bare_outcome, self.outcome_texts[turn % 2])

    def outcome_change(self) -> float:
        """From one outcome to another, both shown before."""
        self._put(self.root)
        self._show(self.outcomes[1])
        self._show(self.outcomes[0])
        began = time.perf_counter()
        self._show(self.outcomes[1])
        return time.perf_counter() - began

    def _change_bare(self, screen, texts: list[str]) -> float:
        self._put(screen)
        began = time.perf_counter()
        for label, words in zip(reversed(screen.children), texts, strict=False):
            label.text = words
        self._draw()
        return time.perf_counter() - began

    def kiosk_change(self, known: bool, in_a_hurry: bool = False) -> float:
        """Answer the first question. Not `known`: no word of the second was ever drawn, or only while the parent read."""
        from kiosk.ui import text

        self._put(self.root)
        self._show(QUESTIONS[1 if known else 0])
        self._show(QUESTIONS[0])
        screen = self.root.screen("question")
        if not known:
            text.forget_all()
            screen.enter(self.kiosk.app.navigation.visit)
        if in_a_hurry:
            screen._ahead.clear()
        self.kiosk.wait_until(lambda: not screen._ahead)
        began = time.perf_counter()
        self._show(QUESTIONS[1])
        return time.perf_counter() - began


def load_kivys_looks() -> None:
    """Have Kivy's own labels and buttons look as they do in any other program: the kiosk leaves their looks out."""
    from kivy import kivy_data_dir
    from kivy.lang import Builder

    Builder.load_file(str(Path(kivy_data_dir) / "style.kv"), rulesonly=True)


def main(rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bare, known, new, hurried, bare_outcome, outcome = [], [], [], [], [], []
        for turn in range(rounds):
            bare.append(bench.bare_change(turn))
            known.append(bench.kiosk_change(known=True))
            new.append(bench.kiosk_change(known=False))
            hurried.append(bench.kiosk_change(known=False, in_a_hurry=True))
            bare_outcome.append(bench.bare_outcome_change(turn))
            outcome.append(bench.outcome_change())
        bench.kiosk.stop()
    floor = statistics.median(bare)
    print(f"the next question: bare kivy {floor * 1000:.1f} ms with {len(bench.texts[0])} labels and buttons")
    for name, times in (("seen before", known), ("new, read first", new), ("new, touched at once", hurried)):
        say(name, statistics.median(times), floor)
    floor = statistics.median(bare_outcome)
    print(f"the next outcome: bare kivy {floor * 1000:.1f} ms with {len(bench.outcome_texts[0])} labels and buttons")
    say("seen before", statistics.median(outcome), floor)


def say(name: str, median: float, floor: float) -> None:
    ratio = median / floor
    verdict = "met" if ratio <= MOST else "MISSED"
    print(f"  waymark, {name}: {median * 1000:.1f} ms, {ratio:.2f} times, wanted at most {MOST}: {verdict}")


if __name__ == "__main__":
    main()
