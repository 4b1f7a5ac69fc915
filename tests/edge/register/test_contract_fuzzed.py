"""The running register against the contract that it serves itself, by schemathesis: valid and invalid data."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.edge.register.house import Door, enrolment_of
from tests.support.register import ServingRegister, serving_register

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
EXAMPLES = "12"
LIMIT_S = 600


async def key_of_a_new_kiosk(register: ServingRegister) -> str:
    async with aiohttp.ClientSession() as session:
        reply = await Door(session, register.url).post("/v1/enrolments", enrolment_of(register.token()))
        return str(reply.body["key"])


@pytest.mark.timeout(2 * LIMIT_S)
@pytest.mark.parametrize("seed", ["20260310", None])
def test_the_register_keeps_the_contract_that_it_serves(tmp_path: Path, seed: str | None) -> None:
    with serving_register(tmp_path) as register:
        command = [str(SCHEMATHESIS), "--config-file", str(HERE / "fuzz.toml"), "run", "--no-color"]
        command += ["--max-examples", EXAMPLES, "--suppress-health-check", "all", "--warnings", "off"]
        command += ["--seed", seed] if seed else []
        done = subprocess.run(
            [*command, f"{register.url}/v1/openapi.json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
            cwd=tmp_path,
            env={
                **os.environ,
                "REGISTER_KEY": asyncio.run(key_of_a_new_kiosk(register)),
                "SCHEMATHESIS_HOOKS": "tests.edge.register.fuzz_hooks",
                "PYTHONPATH": str(HERE.parents[2]),
                "PYTHONWARNINGS": "default",
            },
        )
        log = register.log.read_text(encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr + log
    assert "No issues found" in done.stdout, done.stdout
    assert " failed" not in log, log
