"""The Settings dialog: plain values in, plain values out; who keeps them is not its business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.timerange import SECOND
from app.services.short_names import DEFAULT_PATTERN, PATTERN_FIELDS, pattern_problem
from app.ui import theme
from app.ui.form_parts import check, roomy, scrolled
from app.ui.parts import button, hairline, label, set_look
from app.ui.text import size

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[tuple[Scheme, str], ...] = (
    ("system", "As the system"),
    ("light", "Light"),
    ("dark", "Dark"),
)


KEPT = "Keys are kept by the system's credential store, never in a file of Keeptake."


_NAMES, _BESIDE = 150, 10
"""Pixels of the column of names, and between it and the fields."""


@dataclass(frozen=True)
class SettingsValues:
    """What the dialog edits.

    nanoclip_key, znippet_key: None means "leave it as it is", "" means "forget it"; keys are
    never handed in. spend_cap_cents: for a calendar month, 0 for none. padding: microseconds.
    cache_size_mb, proxy_size_mb: megabytes; no proxies where it is 0. cache_folder,
    downloads_folder: paths as text. short_name_pattern: of the file names of shorts.
    """

    nanoclip_key: str | None = None
    znippet_key: str | None = None
    spend_cap_cents: int = 500
    padding: int = 80_000
    cache_folder: str = ""
    cache_size_mb: int = 2048
    downloads_folder: str = ""
    theme: Scheme = "system"
    short_name_pattern: str = DEFAULT_PATTERN
    proxy_background: bool = True
    proxy_size_mb: int = 10_240


@dataclass(frozen=True)
class KeyState:
    """What is known of a key without showing it: none, kept, or set by an environment variable."""

    kept: bool = False
    variable: str = ""


class SettingsDialog(QDialog):
    """Asks for settings. After `accepted`, `values` is the answer.

    Signals:
        key_test_wanted(str): try this NanoClip key ("" for the one that is kept); answer by
            `show_key_test`.
        folder_wanted(str): "cache_folder" or "downloads_folder" is to be chosen in a file
            dialog; answer by `set_folder`.
        clear_wanted: delete all preview proxies; answer by `show_proxies`.
    """

    key_test_wanted = Signal(str)
    folder_wanted = Signal(str)
    clear_wanted = Signal()

    def __init__(
        self, parent: QWidget | None, values: SettingsValues, nanoclip: KeyState, znippet: KeyState
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAccessibleName("Settings")
        self.setMinimumWidth(560)
        self._keys_kept = {"nanoclip": nanoclip.kept, "znippet": znippet.kept}
        self.nanoclip_key = _key_field("NanoClip key", nanoclip)
        self.znippet_key = _key_field("Znippet license key", znippet)
        self.test = button("Test NanoClip Key", tip="Ask NanoClip whether it takes the key")
        self.test.clicked.connect(lambda: self.key_test_wanted.emit(self.nanoclip_key.text()))
        self.test_answer = label("", "secondary", wrap=True)
        self.test_answer.hide()
        self.kept_where = label(KEPT, "hint", wrap=True)
        self._build_fields(values)
        self.show_spent(None)
        self._build_proxies(values)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.save = button("Save", "primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self.accept)
        self._arrange()

    def _build_fields(self, values: SettingsValues) -> None:
        self.spend_cap = QDoubleSpinBox()
        self.spend_cap.setRange(0.0, 10_000.0)
        self.spend_cap.setDecimals(2)
        self.spend_cap.setPrefix("$")
        self.spend_cap.setSuffix(" a month")
        self.spend_cap.setSpecialValueText("No cap")
        self.spend_cap.setValue(values.spend_cap_cents / 100)
        self.spent = label("", "hint", wrap=True)
        self.padding = QDoubleSpinBox()
        self.padding.setRange(0.0, 1.0)
        self.padding.setSingleStep(0.01)
        self.padding.setDecimals(2)
        self.padding.setSuffix(" s")
        self.padding.setValue(values.padding / SECOND)
        self._padding_before = values.padding
        self.cache_folder = QLineEdit(values.cache_folder)
        self.cache_size = QSpinBox()
        self.cache_size.setRange(100, 1_000_000)
        self.cache_size.setSingleStep(256)
        self.cache_size.setSuffix(" MB")
        self.cache_size.setValue(values.cache_size_mb)
        self.downloads_folder = QLineEdit(values.downloads_folder)
        self.short_names = QLineEdit(values.short_name_pattern)
        self.short_names.setToolTip(
            "\n".join(f"{{{field}}}: {meaning}" for field, meaning in PATTERN_FIELDS)
        )
        self.short_names_problem = label("", "cut", wrap=True)
        self.short_names_problem.hide()
        self.short_names.textChanged.connect(self._check_names)
        self.theme = QComboBox()
        for value, text in SCHEMES:
            self.theme.addItem(text, value)
        self.theme.setCurrentIndex(max(0, self.theme.findData(values.theme)))

    def _build_proxies(self, values: SettingsValues) -> None:
        self.proxies = check("Build preview proxies in the background")
        self.proxies.setChecked(values.proxy_background)
        self.proxies.setToolTip(
            "Small copies of the open video, for gapless previews of close cuts and quick "
            "scrubbing.\nMade when nothing else wants the processor; kept in the cache folder."
        )
        self.proxy_size = QSpinBox()
        self.proxy_size.setRange(0, 1_000_000)
        self.proxy_size.setSingleStep(1024)
        self.proxy_size.setSuffix(" MB")
        self.proxy_size.setSpecialValueText("None")
        self.proxy_size.setValue(values.proxy_size_mb)
        self.proxies_taken = label("", "secondary", wrap=True)
        self.clear_proxies = button("Clear", name="Clear preview proxies")
        self.clear_proxies.setEnabled(False)
        self.clear_proxies.clicked.connect(self._clear)

    def _clear(self) -> None:
        self.clear_proxies.setEnabled(False)
        self.clear_wanted.emit()

    def _arrange(self) -> None:
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 14)
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(20, 18, 20, 10)
        column.setSpacing(10)
        self._arrange_services(column)
        column.addWidget(hairline())
        column.addWidget(_title("Editing and look"))
        column.addLayout(_grid((("Cut padding", self.padding), ("Theme", self.theme))))
        column.addWidget(hairline())
        self._arrange_files(column)
        column.addStretch(1)
        outside.addWidget(scrolled(form), 1)
        last = QHBoxLayout()
        last.setContentsMargins(20, 0, 20, 0)
        last.addStretch(1)
        last.addWidget(self.cancel)
        last.addWidget(self.save)
        outside.addLayout(last)
        roomy(self, 600, form.heightForWidth(600) + 60)

    def _arrange_services(self, column: QVBoxLayout) -> None:
        column.addWidget(_title("Services"))
        keys = _grid(
            (("NanoClip key", self.nanoclip_key), ("Znippet license key", self.znippet_key))
        )
        column.addLayout(keys)
        tried = QHBoxLayout()
        tried.addSpacing(_NAMES + _BESIDE)
        tried.addWidget(self.test)
        tried.addStretch(1)
        column.addLayout(tried)
        column.addWidget(self.test_answer)
        column.addWidget(self.kept_where)
        column.addLayout(_grid((("Spend cap", self.spend_cap),)))
        spent = QVBoxLayout()
        spent.setContentsMargins(_NAMES + _BESIDE, 0, 0, 0)
        spent.addWidget(self.spent)
        column.addLayout(spent)

    def _arrange_files(self, column: QVBoxLayout) -> None:
        column.addWidget(_title("Files"))
        files = _grid(
            (
                ("Cache folder", self.cache_folder),
                ("Cache size", self.cache_size),
                ("Proxy size", self.proxy_size),
                ("Downloads folder", self.downloads_folder),
                ("Short names", self.short_names),
            )
        )
        for row, which in ((0, "cache_folder"), (3, "downloads_folder")):
            choose = button("Choose…", name=f"Choose {which.replace('_', ' ')}…")
            choose.clicked.connect(lambda _=False, w=which: self.folder_wanted.emit(w))
            files.addWidget(choose, row, 2)
        files.addWidget(self.clear_proxies, 2, 2)
        column.addLayout(files)
        proxies = QVBoxLayout()
        proxies.setContentsMargins(_NAMES + _BESIDE, 0, 0, 0)
        proxies.addWidget(self.proxies)
        proxies.addWidget(self.proxies_taken)
        column.addLayout(proxies)
        column.addWidget(self.short_names_problem)

    @property
    def values(self) -> SettingsValues:
        """What the fields say now."""
        padding = round(self.padding.value() * SECOND)
        # A padding finer than the field shows is not rounded by opening and saving.
        if abs(padding - self._padding_before) < 5_000:
            padding = self._padding_before
        return SettingsValues(
            _typed(self.nanoclip_key),
            _typed(self.znippet_key),
            round(100 * self.spend_cap.value()),
            padding,
            self.cache_folder.text().strip(),
            self.cache_size.value(),
            self.downloads_folder.text().strip(),
            self.theme.currentData(),
            self.short_names.text().strip(),
            self.proxies.isChecked(),
            self.proxy_size.value(),
        )

    def _check_names(self, pattern: str) -> None:
        problem = pattern_problem(pattern)
        self.short_names_problem.setText(problem)
        self.short_names_problem.setVisible(bool(problem))
        self.save.setEnabled(not problem)

    def show_key_test(self, text: str, good: bool | None) -> None:
        """What came of trying the key; None while it is being tried."""
        role = "secondary" if good is None else "keep" if good else "cut"
        set_look(self.test_answer, "role", role)
        self.test_answer.setText(text)
        self.test_answer.setVisible(bool(text))
        self.test.setEnabled(good is not None)

    def show_no_store(self, notice: str) -> None:
        """Keys are not kept in a credential store here; `notice` says what becomes of them."""
        set_look(self.kept_where, "role", "proposal")
        self.kept_where.setText(notice)

    def show_spent(self, cents: int | None, notice: str = "") -> None:
        """What was spent this month, None while it is looked up; `notice` where that is unsure."""
        told = "…" if cents is None else f"${cents // 100}.{cents % 100:02d}"
        self.spent.setText(
            f"{notice} NanoClip this month, as quoted: {told}. Over the cap nothing is started. "
            "Znippet publishes no prices, so moments and renders there are outside it.".strip()
        )

    def show_proxies(self, taken: int) -> None:
        """How many bytes the preview proxies of all videos take now."""
        said = f"Preview proxies take {size(taken)} now." if taken else "There are none now."
        self.proxies_taken.setText(said)
        self.proxies_taken.show()
        self.clear_proxies.setEnabled(taken > 0)

    def set_folder(self, which: str, path: str) -> None:
        """A folder chosen in a file dialog, for what `folder_wanted` named."""
        field = self.cache_folder if which == "cache_folder" else self.downloads_folder
        field.setText(path)


def _typed(field: QLineEdit) -> str | None:
    return field.text().strip() if field.isModified() else None


def _key_field(name: str, state: KeyState) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    if state.variable:
        field.setEnabled(False)
        field.setPlaceholderText(f"Set by {state.variable}")
    elif state.kept:
        field.setPlaceholderText("Kept; type another to replace it")
        field.setClearButtonEnabled(True)
    else:
        field.setPlaceholderText("None")
    return field


def _title(text: str) -> QWidget:
    out = label(text, "heading")
    out.setFont(theme.ui(14, bold=True))
    return out


def _grid(rows: tuple[tuple[str, QWidget], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(_BESIDE)
    grid.setColumnMinimumWidth(0, _NAMES)
    grid.setColumnStretch(1, 1)
    for row, (name, field) in enumerate(rows):
        field.setAccessibleName(name)
        if isinstance(field, QAbstractSpinBox):
            # The style's padding does not reach the text of a spin box.
            field.lineEdit().setTextMargins(6, 0, 0, 0)
        shown = label(name, "secondary")
        shown.setBuddy(field)
        grid.addWidget(shown, row, 0)
        grid.addWidget(field, row, 1)
    return grid
