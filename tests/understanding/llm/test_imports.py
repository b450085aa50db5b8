import subprocess
import sys
from pathlib import Path

import pytest
from understanding.llm.client import ModelError, load_adapter

ADDON = Path(__file__).resolve().parents[3] / "colineal_whatsapp_crm"
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from understanding import Message, State, Vocabulary
from understanding.llm import drafting, reader
from understanding.providers import RulesReader
RulesReader().interpret((Message("Busco un sofá"),), State(), Vocabulary.shipped())
print(*(name for name in sys.modules if name.startswith(("google.", "grpc", "httpx"))))
"""


def test_no_sdk_is_loaded_before_a_model_is_asked():
    loaded = subprocess.run([sys.executable, "-c", PROGRAM, ADDON], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""


def test_sdk_that_nobody_knows_is_an_error_as_others():
    with pytest.raises(ModelError):
        load_adapter("made-up")
