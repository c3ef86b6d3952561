"""One client, from its first packet to its last."""

import dataclasses
import time

from . import calls, listener, messages, negotiation
from .authentication import SignIn
from .calls import CANCEL_CURSORS, CLOSE_CURSORS, DEFINE, FETCH_IT
from .describe import BLOB, CLOB, put_describe
from .faults import PATIENCE, Dropped, find_fault, strike
from .framing import BREAK, RESET, Framing, Gone, MarkerArrived
from .messages import DatabaseError
from .primitives import ProtocolError, Reader
from .recorder import read_recording
from .statements import Statements


PAUSE = 0.05                # between two markers, in seconds


@dataclasses.dataclass
class Request:
    """What a client has sent: the stage of the session, the bytes of the message, and the flags of
    the packets in which it came."""

    stage: str
    content: bytes
    flags: list


@dataclasses.dataclass
class Cursor:
    sql: str
    columns: list
    rows: object
    stream: object = None
    has_ended: bool = False

    @property
    def has_lobs(self):
        return any(column.kind.code in (BLOB, CLOB) for column in self.columns)


class Session:
    """`requests` are the messages that the client has sent."""

    def __init__(self, connection, server):
        self.server = server
        self.settings = server.settings
        self.framing = Framing(connection, self.settings.content_bytes)
        self.reader = Reader(self.receive_content)
        self.field_version = self.settings.field_version
        self.sign_in = SignIn(self.settings)
        self.statements = None
        self.cursors = {}
        self.next_cursor = 1
        self.requests = []
        self.asked = {}
        self.connect_request = None
        self.recorded = {}
        self.calls = {
            calls.AUTH_1: ("auth-1", self.answer_auth_1),
            calls.AUTH_2: ("auth-2", self.answer_auth_2),
            calls.EXECUTE: ("execute", self.answer_execute),
            calls.REEXECUTE: ("execute", self.answer_reexecute),
            calls.REEXECUTE_AND_FETCH: ("execute", self.answer_reexecute),
            calls.FETCH: ("fetch", self.answer_fetch),
            calls.LOGOFF: ("logoff", self.answer_plainly),
            calls.PING: ("ping", self.answer_plainly),
            calls.COMMIT: ("end", self.answer_end_of_transaction),
            calls.ROLLBACK: ("end", self.answer_end_of_transaction),
        }

    # Answers

    def send(self, stage, answer):
        """Sends an answer, or what a fault makes of it."""
        self.asked[stage] = self.asked.get(stage, 0) + 1
        if self.server.recorder:
            self.server.recorder.write(stage, self.requests[-1].content, answer)
        fault = find_fault(self.settings.faults, stage, self.asked[stage])
        if fault and fault.action == "break":
            self.break_and_reset()
            fault = None
        elif fault and fault.action == "until-break":
            self.wait_for_break()
            answer = messages.put_error(self.field_version, DatabaseError(1013))
            fault = None
        if fault is None:
            self.framing.send_message(answer)
        else:
            strike(fault, self.framing, answer, self.server.stopping)

    def send_markers(self, kinds):
        for kind in kinds:
            self.framing.send_marker(kind)
            if self.settings.marker_noise:
                self.framing.send_noise()
                time.sleep(PAUSE)

    def await_reset(self):
        while True:
            try:
                self.framing.receive_content()
            except MarkerArrived as marker:
                if marker.kind == RESET:
                    return

    def break_and_reset(self):
        """Markers say that the answer is not what was expected; the client clears the line."""
        before, after = self.settings.error_markers or ((BREAK,), (RESET,))
        self.send_markers(before)
        if self.settings.awaits_reset:
            self.await_reset()
        self.send_markers(after)

    def receive_content(self):
        """The content of the next packet. Whoever has not awaited the client's reset meets it here."""
        while True:
            try:
                return self.framing.receive_content()
            except MarkerArrived as marker:
                if self.settings.awaits_reset or marker.kind != RESET:
                    raise

    def wait_for_break(self):
        try:
            self.framing.receive_content()
        except MarkerArrived:
            self.break_and_reset()

    def send_error(self, stage, error):
        if self.settings.errors_by_marker or self.settings.error_markers:
            self.break_and_reset()
        self.send(stage, messages.put_error(self.field_version, error))

    # The beginning

    def start(self):
        """True: a client is through the listener."""
        for action in self.server.next_connects():
            self.connect_request = listener.receive_connect(self.framing)
            request = self.connect_request
            self.requests.append(Request("connect", request.packet, []))
            word, _, argument = action.partition(":")
            fault = find_fault(self.settings.faults, "connect", 1)
            if fault:
                strike(fault, self.framing, b"", self.server.stopping)
                return False
            if word.startswith("accept"):
                if word == "accept-noisily":
                    self.framing.send_noise()
                listener.accept(self.settings, self.framing, request)
                return True
            if word == "close":
                return False
            if word == "stall":
                self.server.stopping.wait(PATIENCE)
                return False
            if word == "refuse-empty":
                listener.refuse_without_text(self.framing)
                return False
            if word.startswith("refuse"):
                listener.refuse(self.framing, argument, word == "refuse-apart")
                return False
            if word.startswith("redirect"):
                data = request.data if word == "redirect-data" else b""
                protocol = "TCPS" if self.settings.tls else "TCP"
                style = word.partition("-")[2]
                listener.redirect(self.framing, protocol, int(argument) or self.server.port,
                                  style if style in ("apart", "split") else "with", data)
                return False
            listener.resend(self.framing, word == "resend-tls")
            if word == "resend-tls":
                self.framing.connection = self.server.new_tls(self.framing.connection)
        return False

    def negotiate(self):
        self.reader.start(b"")
        kind = self.reader.byte()
        if kind != messages.PROTOCOL:
            raise ProtocolError(f"message {kind} where the protocol is negotiated")
        negotiation.read_protocol(self.reader)
        self.note("protocol")
        self.send("protocol", negotiation.put_protocol(self.settings))
        self.reader.start(b"")
        kind = self.reader.byte()
        if kind != messages.DATA_TYPES:
            raise ProtocolError(f"message {kind} where the types are negotiated")
        version, has_time_zone, types = negotiation.read_data_types(self.reader)
        self.note("types")
        if self.is_down_at("types"):
            return False
        self.field_version = min(self.field_version, version)
        has_time_zone = has_time_zone and self.settings.time_zone
        self.send("types", negotiation.put_data_types(types, has_time_zone))
        return True

    def is_down_at(self, stage):
        """True: the instance is down, the client has been told, and the connection ends."""
        if self.settings.instance_error[:1] != (stage,):
            return False
        self.send_error(stage, DatabaseError(self.settings.instance_error[1]))
        return True

    def note(self, stage):
        self.requests.append(Request(stage, self.reader.consumed, self.framing.flags))
        self.framing.flags = []

    def prepare_recorded(self):
        """The answers of a recording as packets, so that nothing but sending is left to do."""
        if self.settings.replay:
            answers = {"execute": [], "fetch": []}
            for stage, _, answer in read_recording(self.settings.replay):
                if stage in answers:
                    answers[stage].append(self.framing.frame(answer))
            self.recorded = answers

    # Signing in

    def answer_auth_1(self):
        calls.read_sign_in(self.reader)
        self.note("auth-1")
        if self.settings.instance_error[:1] == ("auth-1",):
            raise DatabaseError(self.settings.instance_error[1])
        end = messages.put_end_of_call(self.field_version)
        self.send("auth-1", messages.put_pairs(self.sign_in.challenge()) + end)

    def answer_auth_2(self):
        request = calls.read_sign_in(self.reader)
        self.note("auth-2")
        pairs = self.sign_in.answer(request.user, request.pairs)
        self.statements = Statements(self.settings, self.server.database)
        answer = messages.put_pairs(pairs)
        if self.settings.account == "expires-soon":
            answer += messages.put_warning(28002, str(DatabaseError(28002, 5)))
        self.send("auth-2", answer + messages.put_end_of_call(self.field_version))

    # Queries

    def answer_execute(self):
        request = calls.read_execute(self.reader, self.field_version)
        self.note("execute")
        cursor = self.cursors.get(request.cursor)
        parts = [messages.put_side_information()] if self.settings.piggybacks else []
        number = request.cursor
        if cursor is None:
            if request.cursor:
                raise DatabaseError(1001)
            if self.statements and self.statements.run(request.sql):
                parts.append(messages.put_execute_parameters())
                parts.append(messages.put_end_of_call(self.field_version))
                self.send("execute", b"".join(parts))
                return
            cursor, number = self.open_cursor(request.sql)
            parts.append(put_describe(cursor.columns, self.field_version))
        if request.options & DEFINE:
            if len(request.defines) != len(cursor.columns):
                raise ProtocolError("another number of defines than columns")
            cursor.stream = self.statements.stream(cursor.sql, cursor.columns, cursor.rows,
                                                   request.defines)
        is_wanted = request.options & FETCH_IT or self.settings.prefetches_unasked
        count = request.rows or (2 if self.settings.prefetches_unasked else 0)
        if cursor.stream is None or not is_wanted:
            count = 0
        self.send("execute", self.put_rows(parts, cursor, number, count, is_first=True))

    def open_cursor(self, sql):
        if self.statements is None:
            raise ProtocolError("a statement before anybody has signed in")
        if len(self.cursors) >= self.settings.open_cursors:
            raise DatabaseError(1000)
        columns, rows = self.statements.describe(sql)
        cursor = Cursor(sql, columns, rows)
        if not cursor.has_lobs:
            cursor.stream = self.statements.stream(sql, columns, rows, [])
        number, self.next_cursor = self.next_cursor, self.next_cursor + 1
        self.cursors[number] = cursor
        return cursor, number

    def put_rows(self, parts, cursor, number, count, is_first=False):
        """An answer with up to `count` rows, and whether there are more."""
        if count:
            rows, cursor.has_ended = cursor.stream.take(count)
            parts.append(rows)
        if is_first:
            parts.append(messages.put_execute_parameters())
        sent = cursor.stream.sent if cursor.stream else 0
        if cursor.has_ended:
            parts.append(messages.put_no_more_rows(self.field_version, number, sent))
        else:
            parts.append(messages.put_end_of_call(self.field_version, cursor=number, rows=sent))
        return b"".join(parts)

    def answer_reexecute(self):
        number, rows = calls.read_reexecute(self.reader)
        self.note("execute")
        if number not in self.cursors:
            raise DatabaseError(1001)
        cursor = self.cursors[number]
        del self.cursors[number]
        again, opened = self.open_cursor(cursor.sql)
        self.cursors[number] = self.cursors.pop(opened)
        self.send("execute", self.put_rows([], again, number, rows, is_first=True))

    def answer_fetch(self):
        number, count = calls.read_fetch(self.reader)
        self.note("fetch")
        cursor = self.cursors.get(number)
        if cursor is None or cursor.stream is None:
            raise DatabaseError(1001)
        if cursor.has_ended:
            raise DatabaseError(1002)
        parts = [messages.put_side_information()] if self.settings.piggybacks else []
        self.send("fetch", self.put_rows(parts, cursor, number, count))

    def answer_plainly(self):
        self.note("logoff")
        self.send("logoff", messages.put_status())

    def answer_end_of_transaction(self):
        self.note("end")
        if self.statements:
            self.statements.end_transaction()
        self.send("end", messages.put_status())

    def answer_recorded(self, stage):
        """The next answer of this kind in the recording, whatever was asked."""
        if stage == "fetch":
            calls.read_fetch(self.reader)
        else:
            calls.read_execute(self.reader, self.field_version)
        self.note(stage)
        self.framing.connection.sendall(self.recorded[stage].pop(0))

    # The loop

    def read_head(self):
        """Function code of the next call, once what rides ahead of it is done."""
        while True:
            kind, function = self.reader.byte(), self.reader.byte()
            self.reader.byte()
            if self.field_version >= 18:
                self.reader.integer(8)
            if kind == messages.FUNCTION:
                return function
            if kind != messages.PIGGYBACK_OF_CLIENT:
                raise ProtocolError(f"message {kind}")
            if function not in (CLOSE_CURSORS, CANCEL_CURSORS):
                raise ProtocolError(f"side information {function}")
            for number in calls.read_cursors(self.reader):
                if function == CLOSE_CURSORS:
                    self.cursors.pop(number, None)

    def serve_call(self):
        """True: there may be more."""
        self.reader.start(b"")
        function = self.read_head()
        if function not in self.calls:
            raise ProtocolError(f"function {function}")
        stage, answer = self.calls[function]
        try:
            if self.recorded.get(stage):
                self.answer_recorded(stage)
            else:
                answer()
        except DatabaseError as error:
            self.send_error(stage, error)
            if stage.startswith("auth"):
                return False
        return True

    def run(self):
        try:
            if self.start() and self.negotiate():
                self.prepare_recorded()
                while self.serve_call():
                    pass
                self.receive_content()
        except MarkerArrived as marker:
            self.server.note_trouble(f"a marker {marker.kind} out of turn")
        except (Gone, Dropped, ConnectionError):
            pass
        except ProtocolError as error:
            self.server.note_trouble(str(error))
        finally:
            if self.statements:
                self.statements.close()
