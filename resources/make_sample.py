"""Makes the sample film and its words: `python resources/make_sample.py` writes resources/sample/.

Needs the programs flite and ffmpeg on the path, and Keeptake's own Python packages. Everything
in the film is drawn and spoken here, so it may be given away with the program.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

Pixels = NDArray[np.float32]
Samples = NDArray[np.int16]
Colour = tuple[int, int, int]

FOLDER = Path(__file__).parent / "sample"
WIDTH, HEIGHT, FPS = 960, 540, 30
RATE = 48_000
HEARD = 16_000
"""Samples a second that the aligner wants."""
QUIET = 30
"""Hundredths of a second of silence it hears around a phrase."""

VOICES = ("rms", "slt")


@dataclass(frozen=True)
class Phrase:
    """What one presenter says without a break, and the silence after it in seconds."""

    speaker: int
    text: str
    pause: float = 0.35


SCRIPT: tuple[tuple[Phrase, ...], ...] = (
    (
        Phrase(0, "Hello, and welcome to Keeptake."),
        Phrase(0, "Today I want to show you how to cut a—", 0.6),
        Phrase(0, "Today I want to show you how to cut a take without losing a word."),
    ),
    (
        Phrase(0, "Keeptake listens to your footage and finds every false start."),
        Phrase(0, "You read what was said, and the video follows along."),
        Phrase(0, "It also shows who is on screen, and where each scene begins."),
    ),
    (
        Phrase(1, "Nothing is removed until—", 0.6),
        Phrase(1, "Nothing is removed until you agree, and any cut can be undone."),
        Phrase(0, "Does my film have to leave this computer?"),
        Phrase(1, "Only if you ask for that."),
    ),
    (
        Phrase(0, "When you are happy, export the result as one clean video."),
        Phrase(0, "So keep the good parts, and let everything else go.", 0.8),
    ),
)
"""Four scenes. Two phrases are broken off and said again in full by the next one."""


# ---------------------------------------------------------------------------------- the sound


@dataclass(frozen=True)
class Speech:
    """The sound of the whole film, who speaks when, the words, and where the scenes begin."""

    samples: Samples
    voices: tuple[Samples, ...]
    words: list[dict[str, object]]
    scenes: tuple[float, ...]


def speak(phrase: Phrase) -> Samples:
    """The phrase as mono samples at RATE, without the silence around it."""
    text = phrase.text.replace("Keeptake", "Keep take").replace("—", "")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.wav"
        command = ["flite", "-voice", VOICES[phrase.speaker], "-t", text, "-o", str(out)]
        subprocess.run(command, check=True)
        with wave.open(str(out)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            spoken = resampled(samples, file.getframerate(), RATE)
    loud = np.flatnonzero(np.abs(spoken) > 200)
    return spoken[max(0, loud[0] - RATE // 25) : loud[-1] + RATE // 25]


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate, filtered by ffmpeg."""
    sound = ["-f", "s16le", "-ac", "1"]
    return np.frombuffer(
        subprocess.run(
            [
                "ffmpeg",
                "-v",
                "error",
                *sound,
                "-ar",
                str(rate),
                "-i",
                "pipe:0",
                *sound,
                "-ar",
                str(wanted),
                "pipe:1",
            ],
            input=samples.tobytes(),
            capture_output=True,
            check=True,
        ).stdout,
        np.int16,
    )


def aligned(phrase: Phrase, spoken: Samples) -> list[tuple[float, float]]:
    """Seconds from the phrase's start at which each of its words begins and ends."""
    decoder = Decoder(samprate=HEARD, loglevel="FATAL", lm=None)
    decoder.add_word("keeptake", "K IY P T EY K", True)
    words = [w.strip(".,?—").lower() for w in phrase.text.split()]
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    around = np.zeros(HEARD * QUIET // 100, np.int16)
    sound = np.concatenate([around, resampled(spoken, RATE, HEARD), around])
    # Digital silence upsets the model's normalisation; a little noise is what a room sounds like.
    noise = np.random.default_rng(1).normal(0, 15, len(sound))
    decoder.process_raw((sound + noise).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    heard = [s for s in decoder.seg() or () if s.word[0] not in "<(["]
    if [s.word.partition("(")[0] for s in heard] != words:
        raise SystemExit(f"not aligned: {phrase.text}")
    length = len(spoken) / RATE
    return [
        (max(0.0, (s.start_frame - QUIET) / 100), min(length, (s.end_frame + 1 - QUIET) / 100))
        for s in heard
    ]


def speech() -> Speech:
    """All phrases one after the other."""
    at = 0
    placed: list[tuple[int, Phrase, Samples]] = []
    scenes: list[float] = []
    words: list[dict[str, object]] = []
    for scene in SCRIPT:
        scenes.append(at / RATE)
        at += int(0.45 * RATE)
        for phrase in scene:
            spoken = speak(phrase)
            placed.append((at, phrase, spoken))
            times = aligned(phrase, spoken)
            for text, (start, end) in zip(phrase.text.split(), times, strict=True):
                word = {"text": text, "start": at / RATE + start, "end": at / RATE + end}
                words.append({k: v if k == "text" else round(v, 3) for k, v in word.items()})
                words[-1] |= {"speaker": phrase.speaker, "confidence": 1.0}
            at += len(spoken) + int(phrase.pause * RATE)
    voices = tuple(np.zeros(at, np.int16) for _ in VOICES)
    for start, phrase, spoken in placed:
        voices[phrase.speaker][start : start + len(spoken)] = spoken
    return Speech(np.add.reduce(voices, dtype=np.int16), voices, words, tuple(scenes))


# -------------------------------------------------------------------------------- the drawing


class Layer:
    """Premultiplied RGBA, 0 to 1, drawn in units of which `scale` pixels make one."""

    def __init__(self, width: float, height: float, scale: float = 1) -> None:
        self.scale = scale
        self.rgba = np.zeros((round(height * scale), round(width * scale), 4), np.float32)

    def oval(
        self,
        at: tuple[float, float],
        radii: tuple[float, float],
        colour: Colour,
        *,
        soft: float = 0,
        opacity: float = 1,
        within: Pixels | None = None,
    ) -> Pixels:
        """An ellipse whose edge fades over `soft` units; returns its mask."""
        x, y, rx, ry = (v * self.scale for v in (*at, *radii))
        rows, columns = np.ogrid[: self.rgba.shape[0], : self.rgba.shape[1]]
        distance = np.hypot((columns + 0.5 - x) / rx, (rows + 0.5 - y) / ry)
        edge = max(1.2, soft * self.scale)
        mask = np.clip((1 - distance) * min(rx, ry) / edge, 0, 1).astype(np.float32)
        mask = mask * mask * (3 - 2 * mask)
        return self._blend(mask, colour, opacity, within)

    def shape(
        self, points: list[tuple[float, float]], colour: Colour, *, round_by: float = 0
    ) -> Pixels:
        """A polygon, its corners rounded by about `round_by` units; returns its mask."""
        mask = np.zeros(self.rgba.shape[:2], np.uint8)
        corners = np.round(np.array(points) * self.scale * 16).astype(np.int32)
        cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, 4)
        if round_by:
            blurred = cv2.GaussianBlur(mask, (0, 0), round_by * self.scale)
            steep = (blurred.astype(np.float32) / 255 - 0.5) * round_by * self.scale * 2.2 + 0.5
            return self._blend(np.clip(steep, 0, 1), colour, 1, None)
        return self._blend(mask.astype(np.float32) / 255, colour, 1, None)

    def box(
        self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 3
    ) -> None:
        """A rectangle with rounded corners."""
        points = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.shape(points, colour, round_by=radius)

    def _blend(self, mask: Pixels, colour: Colour, opacity: float, within: Pixels | None) -> Pixels:
        alpha = (mask * opacity if within is None else mask * opacity * within)[..., None]
        solid = np.array((*colour, 255), np.float32) / 255
        self.rgba += (solid - self.rgba) * alpha
        return mask


@dataclass(frozen=True)
class Person:
    """How somebody looks."""

    skin: Colour
    hair: Colour
    top: Colour
    long_hair: bool


PEOPLE = (
    Person((238, 190, 155), (62, 42, 36), (36, 92, 140), long_hair=False),
    Person((226, 170, 132), (120, 58, 34), (226, 102, 84), long_hair=True),
)


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    red, green, blue = (max(0, min(255, round(c * factor))) for c in colour)
    return red, green, blue


@lru_cache(maxsize=200)
def head(who: int, scale: float, mouth: int, lids: int) -> Pixels:
    """A head of 480 x 560 units; mouth 0 (shut) to 5, lids 0 (open) to 3 (shut)."""
    person = PEOPLE[who]
    layer = Layer(480, 560, scale)
    hair = person.hair
    layer.oval((240, 225), (164, 152), hair)
    if person.long_hair:
        layer.shape([(76, 220), (404, 220), (430, 500), (50, 500)], hair, round_by=26)
    else:
        for x in (104, 376):
            layer.oval((x, 322), (22, 36), shade(person.skin, 0.88))
    face = layer.oval((240, 322), (138, 168), person.skin)
    _shade_face(layer, person, face)
    _hairline(layer, person)
    _eyes(layer, person, 1 - lids / 3)
    _mouth(layer, person, mouth / 5)
    # A lens is never as sharp as a drawing, and the face detector knows lenses.
    return cv2.GaussianBlur(layer.rgba, (0, 0), 0.7)


def _shade_face(layer: Layer, person: Person, face: Pixels) -> None:
    dark, light = shade(person.skin, 0.55), shade(person.skin, 1.12)
    layer.oval((240, 500), (170, 75), dark, soft=70, opacity=0.4, within=face)
    for side in (-1, 1):
        layer.oval((240 + side * 150, 330), (60, 190), dark, soft=60, opacity=0.45, within=face)
        layer.oval((240 + side * 60, 285), (56, 38), dark, soft=34, opacity=0.62, within=face)
        layer.oval((240 + side * 76, 365), (46, 36), light, soft=36, opacity=0.85, within=face)
        layer.oval(
            (240 + side * 80, 380), (36, 24), (240, 120, 110), soft=24, opacity=0.22, within=face
        )
    layer.oval((240, 215), (100, 44), light, soft=44, opacity=0.8, within=face)
    layer.oval((240, 320), (19, 76), light, soft=16, opacity=0.95, within=face)
    layer.oval((240, 376), (34, 13), dark, soft=11, opacity=0.5, within=face)
    layer.oval((240, 366), (22, 15), light, soft=14, opacity=0.7, within=face)
    layer.oval((240, 452), (42, 20), light, soft=20, opacity=0.5, within=face)


def _hairline(layer: Layer, person: Person) -> None:
    hair, gleam = person.hair, shade(person.hair, 1.5)
    if person.long_hair:
        for side in (-1, 1):
            layer.shape(
                [
                    (240 - side * 40, 130),
                    (240 + side * 70, 140),
                    (240 + side * 150, 230),
                    (240 + side * 158, 470),
                    (240 + side * 128, 440),
                    (240 + side * 118, 270),
                    (240 + side * 70, 195),
                ],
                hair,
                round_by=7,
            )
    else:
        layer.shape(
            [
                (98, 300),
                (92, 180),
                (180, 90),
                (330, 100),
                (388, 190),
                (382, 300),
                (364, 235),
                (320, 184),
                (210, 196),
                (140, 200),
                (116, 240),
            ],
            hair,
            round_by=7,
        )
    layer.oval((205, 120), (80, 30), gleam, soft=28, opacity=0.55)


def _eyes(layer: Layer, person: Person, opened: float) -> None:
    for side in (-1, 1):
        x = 240 + side * 60
        layer.shape(
            [
                (x - side * 36, 243),
                (x + side * 8, 236),
                (x + side * 44, 254),
                (x + side * 8, 245),
                (x - side * 34, 252),
            ],
            shade(person.hair, 0.8),
            round_by=3,
        )
        if opened < 0.2:
            layer.oval((x, 294), (31, 5), (58, 36, 32))
            continue
        layer.oval((x, 289), (33, 19 * opened + 2), (60, 38, 34))
        white = layer.oval((x, 292), (29, 16 * opened), (244, 240, 234))
        layer.oval((x, 290), (15, 16), (66, 48, 38), within=white)
        layer.oval((x, 290), (8, 8), (20, 14, 14), within=white)
        layer.oval((x + 5, 284), (4, 4), (255, 255, 255), within=white)


def _mouth(layer: Layer, person: Person, opened: float) -> None:
    lips = (176, 74, 72) if person.long_hair else shade(person.skin, 0.58)
    drop = 30 * opened
    curve = np.linspace(-1, 1, 17)
    upper = [(240 + 50 * c, 424 - 9 * c * c * -1 * -1 - 6 * (1 - c * c)) for c in curve]
    lower = [(240 + 50 * c, 415 + (19 + drop) * (1 - c * c)) for c in curve[::-1]]
    layer.shape(upper + lower, lips, round_by=2)
    if opened > 0.1:
        inner = [(240 + 40 * c, 418 + 4 * (1 - c * c)) for c in curve]
        bottom = [(240 + 40 * c, 418 + (4 + drop) * (1 - c * c)) for c in curve[::-1]]
        inside = layer.shape(inner + bottom, (70, 22, 28))
        layer.oval((240, 418), (30, 10), (250, 246, 240), soft=2, within=inside)
        layer.oval((240, 428 + drop), (24, 12), (190, 84, 84), soft=6, within=inside)
    else:
        layer.shape(
            [(240 + 44 * c, 417 + 7 * (1 - c * c)) for c in curve]
            + [(240 + 44 * c, 417 + 11 * (1 - c * c)) for c in curve[::-1]],
            (104, 40, 42),
        )


def body(layer: Layer, who: int, x: float, y: float, size: float) -> None:
    """Neck and shoulders below a head whose 480 x 560 box has its corner at (x, y)."""
    person = PEOPLE[who]

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x + size * a, y + size * b) for a, b in points]

    top = person.top
    shoulders = [(-50, 1400), (-30, 640), (40, 575), (170, 540), (310, 540), (440, 575)]
    layer.shape(at([*shoulders, (510, 640), (530, 1400)]), top, round_by=14 * size)
    neck = [(172, 440), (308, 440), (308, 545), (240, 590), (172, 545)]
    layer.shape(at(neck), shade(person.skin, 0.8), round_by=8 * size)
    if person.long_hair:
        return
    collar = shade(top, 1.35)
    layer.shape(at([(160, 525), (240, 596), (196, 650), (140, 556)]), collar, round_by=4 * size)
    layer.shape(at([(320, 525), (240, 596), (284, 650), (340, 556)]), collar, round_by=4 * size)


# --------------------------------------------------------------------------------- the scenes


@dataclass(frozen=True)
class Place:
    """Where a person's head box lies: corner in pixels, size of a unit in pixels."""

    who: int
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Scene:
    """A still background and the people before it."""

    upper: Colour
    lower: Colour
    people: tuple[Place, ...]
    decor: str
    still: Pixels = field(default_factory=lambda: np.zeros((0, 0, 3), np.float32), repr=False)


SCENES = (
    Scene((24, 62, 92), (40, 112, 134), (Place(0, 520, 70, 0.5),), "studio"),
    Scene((250, 196, 92), (244, 150, 92), (Place(0, 264, 10, 0.9),), "warm"),
    Scene(
        (92, 74, 148), (150, 116, 190), (Place(0, 130, 90, 0.56), Place(1, 560, 90, 0.56)), "duo"
    ),
    Scene((204, 236, 220), (150, 212, 190), (Place(0, 515, 40, 0.78),), "card"),
)


def furnished(scene: Scene) -> Scene:
    """The scene with its background, furniture and bodies painted."""
    layer = Layer(WIDTH, HEIGHT)
    ramp = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    low, high = (np.array((*c, 255), np.float32) / 255 for c in (scene.lower, scene.upper))
    layer.rgba[:] = high + (low - high) * ramp
    for place in scene.people:
        middle = (place.x + 240 * place.size, place.y + 310 * place.size)
        glow = 330 * place.size
        layer.oval(middle, (glow, glow), (255, 255, 255), opacity=0.14)
        layer.oval(middle, (glow * 1.35, glow * 1.35), (255, 255, 255), opacity=0.07)
    match scene.decor:
        case "studio":
            _monitor(layer, 90, 110)
            _plant(layer, 880, 470)
        case "duo":
            _plant(layer, 480, 490)
        case "card":
            _title(layer)
    for place in scene.people:
        body(layer, place.who, place.x, place.y, place.size)
    if scene.decor in ("studio", "duo"):
        layer.box(-20, 484, 1000, 90, (238, 226, 208), 2)
        layer.box(-20, 484, 1000, 8, (252, 244, 232), 1)
    return replace(scene, still=np.ascontiguousarray(layer.rgba[..., :3]))


def _monitor(layer: Layer, x: float, y: float) -> None:
    layer.box(x + 150, y + 230, 40, 150, (28, 36, 48))
    layer.box(x, y, 340, 236, (22, 28, 38), 8)
    layer.box(x + 12, y + 12, 316, 212, (38, 48, 64), 4)
    rows = (
        ((0, 80, 0), (84, 60, 1), (148, 130, 0)),
        ((0, 46, 2), (50, 120, 2), (174, 104, 2)),
        ((0, 120, 3), (124, 40, 1), (168, 110, 3)),
    )
    colours = ((92, 200, 180), (240, 112, 96), (250, 200, 96), (130, 150, 240))
    for row, blocks in enumerate(rows):
        for start, width, colour in blocks:
            layer.box(x + 30 + start, y + 40 + 58 * row, width, 40, colours[colour], 4)
    layer.box(x + 142, y + 24, 3, 190, (255, 255, 255), 1)


def _plant(layer: Layer, x: float, y: float) -> None:
    for dx, dy, rx, ry in ((-26, -92, 17, 52), (24, -100, 17, 56), (0, -124, 19, 62)):
        layer.oval((x + dx, y + dy), (rx, ry), (64, 156, 112))
        layer.oval((x + dx - 5, y + dy - 4), (rx / 3, ry * 0.8), (110, 190, 140), opacity=0.6)
    layer.shape(
        [(x - 42, y - 58), (x + 42, y - 58), (x + 30, y + 20), (x - 30, y + 20)],
        (232, 148, 108),
        round_by=5,
    )


def _title(layer: Layer) -> None:
    ink = (22, 62, 66)
    layer.box(70, 120, 400, 260, (255, 255, 255), 14)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    font = cv2.FONT_HERSHEY_DUPLEX
    cv2.putText(mask, "Keeptake", (98, 226), font, 2.3, 255, 5, cv2.LINE_AA)
    cv2.putText(mask, "Keep the good takes.", (102, 280), font, 0.95, 200, 1, cv2.LINE_AA)
    alpha = (mask.astype(np.float32) / 255)[..., None]
    layer.rgba += (np.array((*ink, 255), np.float32) / 255 - layer.rgba) * alpha
    for start, width, colour in ((0, 96, (92, 190, 170)), (104, 60, (240, 112, 96))):
        layer.box(102 + start, 316, width, 26, colour, 4)
    layer.box(274, 316, 164, 26, (92, 190, 170), 4)


def place_head(picture: Pixels, place: Place, t: float, mouth: int, lids: int) -> None:
    """Blend the head into `picture`, swaying a little with `t` seconds."""
    patch = head(place.who, place.size, mouth, lids)
    phase = 2.1 * place.who
    turn = np.radians(1.8 * np.sin(1.1 * t + phase) + 0.3 * mouth)
    dx = 9 * place.size * np.sin(0.8 * t + 1 + phase)
    dy = 5 * place.size * np.sin(1.7 * t + phase) - 1.5 * mouth * place.size
    # Turned about the neck, which stays on its shoulders.
    pivot = np.array([240, 520]) * place.size
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos, -sin, 0], [sin, cos, 0]])
    matrix[:, 2] = pivot - matrix[:, :2] @ pivot + (place.x + dx, place.y + dy)
    left, top = max(0, int(place.x) - 30), max(0, int(place.y) - 30)
    matrix[:, 2] -= (left, top)
    room = picture[top : top + patch.shape[0] + 60, left : left + patch.shape[1] + 60]
    moved = cv2.warpAffine(patch, matrix, room.shape[1::-1], flags=cv2.INTER_LINEAR)
    room *= 1 - moved[..., 3:]
    room += moved[..., :3]


def loudness(voice: Samples, frames: int) -> NDArray[np.int64]:
    """For each frame how wide that voice's mouth is open, 0 to 5."""
    padded = np.zeros(frames * RATE // FPS, np.float64)
    padded[: min(len(voice), len(padded))] = voice[: len(padded)]
    level = np.sqrt(np.mean(padded.reshape(frames, -1) ** 2, axis=1))
    smooth = np.convolve(level, (0.25, 0.5, 0.25), "same")
    return np.clip(np.round(smooth / np.percentile(smooth, 97) * 5), 0, 5).astype(np.int64)


def lids_at(who: int, frame: int) -> int:
    """A blink every three to four seconds, five frames long."""
    since = (frame + 37 * who) % (104 - 9 * who)
    return (2, 3, 3, 2, 1)[since] if since < 5 else 0


def pictures(said: Speech) -> Iterator[bytes]:
    """Every frame of the film as RGB rows."""
    frames = -(-len(said.samples) * FPS // RATE)
    mouths = [loudness(voice, frames) for voice in said.voices]
    scenes = [furnished(scene) for scene in SCENES]
    for frame in range(frames):
        t = frame / FPS
        scene = scenes[sum(t >= start for start in said.scenes) - 1]
        picture = scene.still.copy()
        for place in scene.people:
            opened = int(mouths[place.who][frame])
            place_head(picture, place, t, opened, lids_at(place.who, frame))
        yield np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8).tobytes()


def main() -> None:
    """Write sample.mp4 and sample.json."""
    FOLDER.mkdir(exist_ok=True)
    said = speech()
    sound = FOLDER / "sample.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(said.samples.tobytes())
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "pipe:0", "-i", str(sound)]
    command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709"]
    command += ["-color_primaries", "bt709", "-color_trc", "bt709", "-pix_fmt", "yuv420p"]
    command += ["-c:v", "libx264", "-preset", "slow", "-crf", "21", "-g", "60"]
    command += ["-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"]
    with subprocess.Popen([*command, str(FOLDER / "sample.mp4")], stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in pictures(said):
            encoder.stdin.write(picture)
    sound.unlink()
    if encoder.returncode:
        raise SystemExit("ffmpeg could not write the film")
    answer = {"media": "sample.mp4", "language": "en", "words": said.words}
    (FOLDER / "sample.json").write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
