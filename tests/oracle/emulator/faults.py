"""What goes wrong on demand. A fault names the answer that it strikes (the stage of the session, and
which one of that stage) and what becomes of it."""

import dataclasses
import time

# The stages of a session, by what was asked.
STAGES = ("connect", "protocol", "types", "auth-1", "auth-2", "execute", "fetch", "logoff")

PATIENCE = 600      # of a stall, in seconds; whoever stalls is stopped before


class Dropped(Exception):
    """The connection is closed at once."""


@dataclasses.dataclass
class Fault:
    """`action` is one of

    - `drop`: nothing is answered, the connection ends;
    - `cut`: the first `count` bytes of the answer, then the end;
    - `stall`: the first `count` bytes of the answer, then silence;
    - `trickle`: the answer, a packet of one byte every `seconds`;
    - `replace`: `content` is sent as a message instead;
    - `raw`: `content` is sent as it is, without a packet around it, then the end;
    - `corrupt`: the answer with the bytes at `count` and behind it replaced by `content`;
    - `flood`: `content` as a message again and again, without an end;
    - `break`: a marker, a reset that the client has to answer, then the answer;
    - `break-within`: the first `count` bytes of the answer, markers, then an error;
    - `until-break`: silence until the client breaks the call off, which is then an error."""

    stage: str
    action: str
    nth: int = 1                # the first one of its stage is 1; 0: every one
    count: int = 0
    content: bytes = b""
    seconds: float = 0.05
    struck: int = 0


def find_fault(faults, stage, nth):
    for fault in faults:
        if fault.stage == stage and fault.nth in (0, nth):
            fault.struck += 1
            return fault
    return None


def strike(fault, framing, answer, stopping):
    """Sends the answer as the fault has it. True: the session goes on."""
    if fault.action == "drop":
        raise Dropped()
    if fault.action == "cut":
        framing.send_message(answer[: fault.count])
        raise Dropped()
    if fault.action == "stall":
        if fault.count:
            framing.send_message(answer[: fault.count])
        stopping.wait(PATIENCE)
        raise Dropped()
    if fault.action == "trickle":
        for position in range(len(answer)):
            framing.send_message(answer[position : position + 1])
            time.sleep(fault.seconds)
    elif fault.action == "replace":
        framing.send_message(fault.content)
    elif fault.action == "raw":
        framing.connection.sendall(fault.content)
        raise Dropped()
    elif fault.action == "corrupt":
        end = fault.count + len(fault.content)
        framing.send_message(answer[: fault.count] + fault.content + answer[end:])
    elif fault.action == "flood":
        packet = framing.frame(fault.content) * max(1, 65536 // len(fault.content))
        while not stopping.is_set():
            framing.connection.sendall(packet)
        raise Dropped()
    else:
        raise ValueError(f"there is no fault {fault.action}")
