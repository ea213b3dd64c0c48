"""What the Analyse dialog says of an offer, as plain sentences; no Qt."""

from __future__ import annotations

from app.media.upload_copy import most_bytes
from app.services.offer import Offer
from app.services.redact import plain
from app.services.when import told
from app.services.wire import Kind
from app.ui.text import counted, size

LANGUAGES: dict[str, str] = {
    "bg": "Bulgarian", "hr": "Croatian", "cs": "Czech", "da": "Danish", "nl": "Dutch",
    "en": "English", "et": "Estonian", "fi": "Finnish", "fr": "French", "de": "German",
    "el": "Greek", "he": "Hebrew", "hu": "Hungarian", "it": "Italian", "lv": "Latvian",
    "lt": "Lithuanian", "mt": "Maltese", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "es": "Spanish", "sv": "Swedish",
    "uk": "Ukrainian",
}  # fmt: skip
"""The 26 base tags of contract A4, in the order of their names."""

AGAIN = "Another language or speaker setting later means a new upload and a new charge"

TITLES: dict[Kind, str] = {"transcript": "Transcript", "vision": "Vision", "retakes": "Retakes"}


def price(offer: Offer, length: str) -> str:
    """The price of what is ticked, and what it is taken from: the first line of the quote."""
    quote = offer.quote
    total = quote.money(quote.total_cents)
    if quote.balance_cents is not None:
        total = f"{total} of {quote.money(quote.balance_cents)}"
    if quote.estimate:
        total = f"about {total}"
    return f"For this file, {length}: {total}"


def sending(offer: Offer, host: str) -> str:
    """What leaves this computer, and what a later change costs."""
    if not offer.charged:
        return (
            "Nothing leaves this computer: the video is read here, free of charge. "
            f"{AGAIN}, with a service that charges; here it costs time alone."
        )
    if not offer.sends:
        return f"The video is at {host} from before and is not sent again. {AGAIN}."
    lines, much = offer.plan.copy_lines, size(offer.upload.size_bytes)
    what = f"A copy of the video, at most {much}," if lines else f"The video, {much},"
    said = (
        f"{what} leaves this computer: it is sent to {host} "
        f"in one piece (stopped, it begins anew) and stays there: it cannot be deleted from here."
    )
    if offer.anew:
        return (
            f"{said} The language or the speaker setting is another one than before: that is a new "
            "upload, and everything ticked is charged anew."
        )
    return f"{said} {AGAIN}."


def upload_choices(offer: Offer) -> list[tuple[str, str]]:
    """What can be uploaded, as (lines, text); "0" is the film itself."""
    film = offer.film
    copies = [
        (
            str(n),
            f"A {n}p copy, at most {size(most_bytes(n, film.duration))}; cuts are the film's",
        )
        for n in offer.copies
    ]
    return [("0", f"The video as it is, {size(film.size_bytes)}"), *copies]


def remarks(offer: Offer, *, asking: bool, problem: str) -> list[str]:
    """What else matters at a service that charges: what is there already, limits, the cap."""
    if not offer.charged:
        return []
    out: list[str] = []
    if offer.held:
        names = [TITLES[kind] for kind in offer.held]
        several = len(names) > 1
        listed = " and ".join((", ".join(names[:-1]), names[-1])) if several else names[0]
        are, they = ("are", "they are") if several else ("is", "it is")
        out.append(f"{listed} {are} there already: {they} fetched, not bought again.")
    if asking:
        out.append("NanoClip is being asked for its prices and your balance…")
    elif offer.standing.me is None:
        out.append(f"{problem} These are the published prices.".strip())
    out.extend(_today(offer))
    standing, quote = offer.standing, offer.quote
    if standing.cap:
        out.append(
            f"This month {quote.money(standing.spent)} of your spend cap of "
            f"{quote.money(standing.cap)} are used."
        )
    return out


def obstacles(offer: Offer) -> list[str]:
    """Why it cannot be started so, and what to do; empty where it can."""
    out: list[str] = []
    quote, standing = offer.quote, offer.standing
    if offer.too_large:
        out.append(
            f"The file has {size(offer.upload.size_bytes)}; NanoClip takes at most "
            f"{size(offer.most_bytes)}. {_smaller(offer)}"
        )
    if offer.wrong_type:
        remedy = "Choose a copy under Upload" if offer.copies else "Convert it"
        out.append(
            f"NanoClip takes no {plain(offer.upload.content_type, 60)}. {remedy}: MP4 is taken."
        )
    if offer.no_uploads_left:
        out.append(f"NanoClip takes no more uploads today. {_until(offer)}")
    if offer.no_commands_left:
        out.append(f"NanoClip has not so many analyses left for today. {_until(offer)}")
    if offer.over_cap:
        out.append(
            f"With the {quote.money(standing.spent)} of this month that is over your spend cap of "
            f"{quote.money(standing.cap)}; the cap is set in File > Settings."
        )
    if not quote.affordable:
        out.append("The balance is too small; NanoClip would refuse.")
    return out


def _smaller(offer: Offer) -> str:
    fitting = [n for n in offer.copies if most_bytes(n, offer.film.duration) <= offer.most_bytes]
    if fitting:
        return f"Choose a {fitting[0]}p copy under Upload."
    return "No copy would be small enough: analyse it in parts, or on this computer."


def _today(offer: Offer) -> list[str]:
    me = offer.standing.me
    if me is None:
        return []
    limits, used = me.limits, me.usage_today
    uploads = max(0, limits.projects_per_day - used.projects_created)
    commands = max(0, limits.analysis_commands_per_day - used.analysis_commands)
    analyses = counted(commands, "analysis", "analyses")
    return [f"Left today: {counted(uploads, 'upload')}, {analyses}."]


def _until(offer: Offer) -> str:
    """When the day begins anew, by this computer's clock where the service's text can be read."""
    me = offer.standing.me
    return f"It begins anew at {told(me.usage_today.day_resets_at if me else '')}."
