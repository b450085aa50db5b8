"""Fetching what customers send: photos, voice notes, files.

Media URLs of Twilio want the account's credentials and redirect to a content network, which must not see them.
https://www.twilio.com/docs/messaging/api/media-resource
"""

import io
import re
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from urllib.parse import urljoin, urlsplit

import requests
from PIL import Image
from urllib3.exceptions import HTTPError

from ..lib.safe_http import PrivateAddressError, PublicSession, resolve
from ..lib.settings import get_setting
from ..understanding import Media
from .delivery import BASE_URL_VARIABLE
from .failure_text import mark as _lt
from .inbound import first

#: WhatsApp lets nothing larger through, and one file a message; Twilio names ten at most.
MOST_BYTES = 16 * 1024 * 1024
_MOST_FILES = 10
_MOST_BYTES_TOGETHER = 32 * 1024 * 1024
#: Files of one message that are fetched at the same time.
_AT_ONCE = 3
#: Seconds until the first byte, and between two.
_TIMEOUT = 10
#: Seconds for one file in all.
SECONDS = 60
_MOST_REDIRECTS = 3
_CHUNK = 64 * 1024

#: The whole of a URL that gets the account's credentials: nothing in it may be read in two ways.
_TWILIO_URL = re.compile(
    r"https://(?:api|mcs)(?:\.[a-z0-9-]+){0,2}\.twilio\.com(?::443)?/[\w.~/%=&?+,:@!$'()*;-]*", re.ASCII
)

#: What is said of a file of which nothing is known.
UNKNOWN_TYPE = "application/octet-stream"

#: Where Meta keeps the pictures of advertisements, on its content network and nobody else's.
_META_URL = re.compile(
    r"https://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:fbcdn\.net|cdninstagram\.com)(?::443)?"
    r"/[\w.~/%=&?+,:@!$'()*;-]*",
    re.ASCII,
)

#: What may not be shown is kept to be downloaded. Not octet-stream, for which Odoo guesses from the content.
DOWNLOAD_ONLY = "application/x-download"

#: Photos by the format that Pillow reads them as. Others, SVG first of all, are only to be downloaded.
_IMAGE_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
#: Odoo scales no larger ones. Unpacked, they would take hundreds of megabytes.
MOST_PIXELS = 50_000_000
#: What browsers only play. Types ending in +xml they may take for pages.
_PLAYED = frozenset(
    f"{kind}/{name}"
    for kind, names in {
        "audio": "3gpp aac ac3 amr basic flac l24 mp3 mp4 mpeg ogg opus vnd.rn-realaudio wav webm x-m4a x-wav",
        "video": "3gpp 3gpp2 h261 h263 h264 mp4 mpeg ogg quicktime webm",
    }.items()
    for name in names.split()
)


class MediaError(Exception):
    """A file did not come. `lasting`: nor will it at another try."""

    def __init__(self, text, lasting=False):
        super().__init__(text)
        self.lasting = lasting


def list_media(parameters):
    """The media of a message by its webhook's parameters: [(URL, MIME type without parameters)].

    As many as it announces, each in its place, the first being file 1; one without a URL has an empty one.
    """
    count = first(parameters, "NumMedia")
    found = []
    for index in range(min(int(count), _MOST_FILES) if re.fullmatch(r"[0-9]{1,9}", count) else 0):
        url = first(parameters, f"MediaUrl{index}")
        mime_type = first(parameters, f"MediaContentType{index}").partition(";")[0].strip().lower()
        found.append((url, mime_type or UNKNOWN_TYPE))
    return found


def fetch_all(credentials, wanted, files):
    """Several files, each by itself: what becomes of one says nothing of the others, nor does one that hangs.

    wanted
        {number of the file: (URL, MIME type)}.
    files
        gets {number of the file: `Media`, or the `MediaError` that it met} as they come. Who does not wait for the last
        of them has the others.

    Returns `files`.
    """
    waiting, going, size = list(wanted.items()), {}, 0
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="whatsapp.file") as pool:
        while waiting or going:
            # What is on its way may be as large as WhatsApp lets through, and must not fill the memory.
            while waiting and size <= _MOST_BYTES_TOGETHER and size + len(going) * MOST_BYTES < _AT_ONCE * MOST_BYTES:
                number, (url, mime_type) = waiting.pop(0)
                going[pool.submit(_fetch_one, credentials, url, mime_type)] = number
            if not going:
                too_large = MediaError(_lt("The files are larger than WhatsApp lets through."), lasting=True)
                files.update({number: too_large for number, _file in waiting})
                break
            for call in wait(going, return_when=FIRST_COMPLETED).done:
                number = going.pop(call)
                try:
                    file = call.result()
                    size += len(file.data)
                    if size > _MOST_BYTES_TOGETHER:
                        raise MediaError(_lt("The files are larger than WhatsApp lets through."), lasting=True)
                except MediaError as error:
                    files[number] = error
                else:
                    files[number] = file
    return files


def _fetch_one(credentials, url, mime_type):
    if not url:
        raise MediaError(_lt("Twilio has not said where the file is."), lasting=True)
    file = fetch(credentials, url, mime_type)
    if not file.data:
        raise MediaError(_lt("The file is empty."), lasting=True)
    return file


def get_stalled():
    """What is said of a file that did not come in the time that the worker waits for it."""
    return MediaError(_lt("The file took too long."))


def fetch(credentials, url, mime_type):
    """One file, as `Media` of the type that Twilio says. Raises `MediaError`."""
    base = urlsplit(get_setting(BASE_URL_VARIABLE) or "")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise MediaError(_lt("The address of the file is none."), lasting=True) from error
    if not _TWILIO_URL.fullmatch(url) and not (base.netloc and (parts.scheme, parts.netloc) == base[:2]):
        raise MediaError(_lt("The address of the file is not Twilio's."), lasting=True)
    if base.netloc and parts.hostname == "api.twilio.com":
        url = parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()
    auth = (credentials.account_sid, credentials.auth_token)
    # The addresses of a gateway are as good as Twilio's.
    with PublicSession(SECONDS, resolve(base.hostname) if base.netloc else ()) as session:
        try:
            return Media(mime_type, _follow(session, url, auth, base.scheme))
        except PrivateAddressError as error:
            raise MediaError(_lt("The file's address leads into a private network."), lasting=True) from error
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise MediaError(_lt("The file did not come") + f": {type(error).__name__}") from error


def fetch_picture(credentials, url):
    """The picture of an advertisement as bytes, from Twilio or from Meta's own content network. Raises `MediaError`.

    credentials
        of the account, for Twilio alone; None where there are none.
    """
    if _META_URL.fullmatch(url):
        data = _fetch_from_meta(url)
    elif credentials:
        data = fetch(credentials, url, "image/jpeg").data
    else:
        raise MediaError(_lt("The sender has no Twilio credentials"), lasting=True)
    if not any(_is_image(mime_type, data) for mime_type in _IMAGE_FORMATS):
        raise MediaError(_lt("It is no picture that can be shown."), lasting=True)
    return data


def _fetch_from_meta(url):
    with PublicSession(SECONDS) as session:
        try:
            return _follow(session, url, _no_auth, "https")
        except PrivateAddressError as error:
            raise MediaError(_lt("The file's address leads into a private network."), lasting=True) from error
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise MediaError(_lt("The file did not come") + f": {type(error).__name__}") from error


def _follow(session, url, auth, base_scheme):
    """The bytes at a URL, or where it leads to."""
    for _hop in range(_MOST_REDIRECTS + 1):
        with session.get(
            url,
            auth=auth,
            # What is packed could be far larger than what comes.
            headers={"Accept-Encoding": "identity"},
            timeout=_TIMEOUT,
            stream=True,
            allow_redirects=False,
        ) as response:
            if not response.is_redirect:
                _check(response)
                return _read(response, session.deadline)
            target = urljoin(url, response.headers["Location"])
            _check_target(target, base_scheme)
            # To another host without credentials; `auth=None` would let the session look some up.
            auth = auth if urlsplit(target)[:2] == urlsplit(url)[:2] else _no_auth
            url = target
    raise MediaError(_lt("The file's address leads from one to another."), lasting=True)


def _no_auth(request):
    return request


def _check_target(url, base_scheme):
    """Raise `MediaError` unless a redirect may be followed; the address is looked at when it is connected to."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", base_scheme) or not parts.hostname or "@" in parts.netloc or "\\" in url:
        raise MediaError(_lt("The file's address leads to one that is not safe."), lasting=True)


def _check(response):
    if response.status_code != 200:
        # A file may be asked for before Twilio has it; wrong credentials may be put right.
        raise MediaError(
            _lt("The file did not come") + f": {response.status_code}", lasting=response.status_code == 410
        )
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaError(_lt("The file came packed, though it was not to."), lasting=True)
    if int(response.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise _too_large()


def _read(response, deadline):
    data = bytearray()
    while chunk := response.raw.read(_CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            raise _too_large()
        if time.monotonic() > deadline:
            break
    if time.monotonic() > deadline:
        raise MediaError(_lt("The file took too long."))
    if len(data) < int(response.headers.get("Content-Length") or 0):
        raise MediaError(_lt("Only a part of the file came."))
    return bytes(data)


def _too_large():
    return MediaError(_lt("The file is larger than WhatsApp lets through."), lasting=True)


def get_safe_type(mime_type, data):
    """The type to keep a file with: its own where browsers may show it, and it is what it says; else `DOWNLOAD_ONLY`."""
    if mime_type in _PLAYED:
        return mime_type
    if mime_type == "application/pdf" and b"%PDF-" in data[:1024]:
        return mime_type
    if mime_type == "image/webp" and data[:4] == b"RIFF" and data[8:15] == b"WEBPVP8":
        # Stickers. Odoo does nothing with them, and keeps Pillow from reading them.
        return mime_type
    return mime_type if _is_image(mime_type, data) else DOWNLOAD_ONLY


def _is_image(mime_type, data):
    """Whether this is a photo of that type and of a size that can be handled, by its head alone."""
    name = _IMAGE_FORMATS.get(mime_type)
    try:
        with Image.open(io.BytesIO(data), formats=[name] if name else []) as image:
            return image.width * image.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, OverflowError, Image.DecompressionBombError):
        return False
