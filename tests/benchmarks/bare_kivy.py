"""The floor for the screen's figures: Kivy with nothing but one button that changes colour when pressed."""

import os

os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_NO_CONSOLELOG="1")

from kivy.config import Config

for key, value in {
    "width": "1080",
    "height": "1920",
    "borderless": "1",
    "position": "custom",
    "left": "0",
    "top": "0",
}.items():
    Config.set("graphics", key, value)
# One source of touches: with the default two, every tap would change the colour and change it back.
Config.set("input", "mouse", "mouse,disable_multitouch")
Config.remove_option("input", "%(name)s")

from kivy.app import App  # noqa: E402  the window must find its settings made
from kivy.uix.button import Button  # noqa: E402


class BareApp(App):
    def build(self):
        button = Button(
            text="touch", font_size=80, background_normal="", background_down="", background_color=(0, 0.8, 1, 1)
        )
        button.bind(on_press=self.pressed)
        return button

    def pressed(self, button) -> None:
        button.background_color = (1, 0.8, 0, 1) if button.background_color[0] == 0 else (0, 0.8, 1, 1)


if __name__ == "__main__":
    BareApp().run()
