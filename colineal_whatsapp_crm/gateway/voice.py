"""Voice notes: what WhatsApp plays as one, and making one of what a browser has recorded.

Of all that it takes as sound, WhatsApp plays only Opus in Ogg as a voice note, with a wave and by itself; MP3 arrives as a
file of music. Up to half a megabyte it starts at a tap, larger ones have to be downloaded first.
https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages#supported-mime-types
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages
"""

import io

VOICE_TYPE = "audio/ogg"
#: What browsers play of what customers send. The others (AMR, AC-3 …) they can only save.
PLAYED_TYPES = frozenset(
    f"audio/{name}" for name in ("aac", "flac", "mp3", "mp4", "mpeg", "ogg", "opus", "wav", "webm", "x-m4a", "x-wav")
)
#: What Discuss records.
_RECORDED_TYPES = ("audio/mp3", "audio/mpeg")

#: Opus knows no other rates than fractions of this; speech of one microphone sounds as it should at this bit rate.
_RATE, _BIT_RATE = 48_000, 32_000
#: Discuss records one minute. What claims to be a recording and is longer is not unpacked any further.
_MOST_SECONDS = 180


class VoiceError(Exception):
    """No voice note could be made of a recording. `missing`: the library is not installed."""

    def __init__(self, text, missing=False):
        super().__init__(text)
        self.missing = missing


def is_opus(data):
    """Whether a file is Opus in Ogg, by the head of its first page. https://www.rfc-editor.org/rfc/rfc7845#section-5.1"""
    return data[:4] == b"OggS" and data[28:36] == b"OpusHead"


def make_voice_note(data, mime_type):
    """The recording as a voice note, in bytes: one channel of Opus in Ogg.

    data, mime_type
        what Discuss has recorded: MP3, up to `_MOST_SECONDS`.

    Raises `VoiceError`, also where the library (PyAV) is not installed.
    """
    if is_opus(data):
        return data
    if mime_type not in _RECORDED_TYPES:
        raise VoiceError(f"{mime_type} is no recording of Discuss")
    return _convert(data, "mp3", "ogg", "libopus", {"application": "voip"})


def make_sound(data):
    """A voice note of ours as MP3, in bytes: WhatsApp takes it as a file of sound. Raises `VoiceError`."""
    if not is_opus(data):
        raise VoiceError("It is no voice note")
    return _convert(data, "ogg", "mp3", "libmp3lame", {})


def _convert(data, read_as, write_as, codec, options):
    """Sound in another form. What it is read as is said, so that nothing is guessed of what the bytes may be."""
    try:
        # Some twenty megabytes, which nothing else needs: loaded by the first recording of a process.
        import av
    except ImportError as error:
        raise VoiceError("PyAV is not installed", missing=True) from error
    file = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), format=read_as) as source, av.open(file, "w", format=write_as) as target:
            stream = target.add_stream(codec, rate=_RATE, options=options)
            stream.layout, stream.bit_rate = "mono", _BIT_RATE
            for frame in source.decode(audio=0):
                if frame.time and frame.time > _MOST_SECONDS:
                    raise VoiceError("The recording is too long")
                target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise VoiceError(f"The recording could not be read: {type(error).__name__}") from error
    return file.getvalue()
