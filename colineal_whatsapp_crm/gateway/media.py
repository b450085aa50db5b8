"""Fetching what customers send: photos, voice notes, files.

Media URLs of Twilio want the account's credentials and redirect to a content network, which must not see them.
https://www.twilio.com/docs/messaging/api/media-resource
"""

from urllib.parse import urljoin, urlsplit

import requests

from ..server_settings import get_setting
from ..understanding import Media
from .delivery import BASE_URL_VARIABLE

#: WhatsApp lets nothing larger through.
MOST_BYTES = 16 * 1024 * 1024
#: Seconds until the first byte, and between two.
_TIMEOUT = 10
_MOST_REDIRECTS = 3
_CHUNK = 64 * 1024


class MediaError(Exception):
    """A file did not come. `lasting`: nor will it at another try."""

    def __init__(self, text, lasting=False):
        super().__init__(text)
        self.lasting = lasting


def list_media(parameters):
    """The media of a message by its webhook's parameters: [(URL, MIME type without parameters)]."""
    count = int(parameters.get("NumMedia") or 0) if str(parameters.get("NumMedia") or "0").isdigit() else 0
    found = []
    for index in range(min(count, 10)):
        if url := parameters.get(f"MediaUrl{index}"):
            mime_type = (parameters.get(f"MediaContentType{index}") or "").partition(";")[0].strip().lower()
            found.append((url, mime_type or "application/octet-stream"))
    return found


def fetch(credentials, url, mime_type):
    """One file, as `Media`. Raises `MediaError`."""
    base = urlsplit(get_setting(BASE_URL_VARIABLE) or "")
    if not _is_twilio(url):
        raise MediaError("The address of the file is not Twilio's.", lasting=True)
    if base.netloc and urlsplit(url).netloc == "api.twilio.com":
        url = urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc).geturl()
    auth = (credentials.account_sid, credentials.auth_token)
    with requests.Session() as session:
        session.trust_env = True
        for _hop in range(_MOST_REDIRECTS + 1):
            try:
                with session.get(url, auth=auth, timeout=_TIMEOUT, stream=True, allow_redirects=False) as response:
                    if response.is_redirect:
                        target = urljoin(url, response.headers["Location"])
                        # To another host without credentials; `auth=None` would let the session look some up.
                        auth = auth if urlsplit(target).netloc == urlsplit(url).netloc else _no_auth
                        url = target
                        continue
                    _check_status(response)
                    return Media(mime_type, _read(response))
            except requests.RequestException as error:
                raise MediaError(f"The file did not come: {type(error).__name__}") from error
    raise MediaError("The file's address leads from one to another.", lasting=True)


def _no_auth(request):
    return request


def _is_twilio(url):
    parts = urlsplit(url)
    gateway = urlsplit(get_setting(BASE_URL_VARIABLE) or "").netloc
    host = parts.hostname or ""
    if gateway and parts.netloc == gateway:
        return True
    return parts.scheme == "https" and (host == "twilio.com" or host.endswith(".twilio.com"))


def _check_status(response):
    if response.status_code == 200:
        return
    # A file may be asked for before Twilio has it; wrong credentials may be put right.
    raise MediaError(f"The file did not come: {response.status_code}", lasting=response.status_code == 410)


def _read(response):
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            raise MediaError("The file is larger than WhatsApp lets through.", lasting=True)
    return bytes(data)
