"""Calls with the telephone desk, and what the Centre did about harassing ones."""

import base64
import io
import wave

from ..models.ground.key import Clock

# Working hours between the steps.
HOURS = {"verify": 0.3, "extract": 0.5, "pass": 3, "result": 20}


def call_up(stage, cases):
    """Write calls down and follow them up, dated back.

    :param cases: list of dicts, see calls.json
    """
    for case in cases:
        moment = stage.before(case["hours"])
        operator = stage.users["operator1"]
        call = _env(stage, operator, moment)["civic.call"].create(
            {
                "called_at": moment,
                "number": case["number"],
                "kind": case["kind"],
                "duration": case["duration"],
                "note": case["note"],
                "recording": _silence(),
                "recording_name": "ghi-am.wav",
            }
        )
        for step in case["course"].split():
            moment = stage.later(moment, HOURS[step])
            _follow_up(stage, call.with_env(_env(stage, operator, moment)), step, case)


def _env(stage, user, moment):
    context = {**stage.locale, "civic_clock": Clock(moment)}
    return stage.env(user=user, su=False, context=context)


def _follow_up(stage, call, step, case):
    if step == "verify":
        call.verify(case["violation"], case["found"])
    elif step == "extract":
        call.extract_recording()
    elif step == "pass":
        agency = stage.agencies[case["agency"]]
        call.pass_on(agency.id, case["document"], call.company_id._civic_today())
    else:
        call.record_result(case["result"])


def _silence():
    """A second of a recording on which nobody speaks."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return base64.b64encode(stream.getvalue()).decode()
