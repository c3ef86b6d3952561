"""An emulator of an Oracle database, as far as a client that reads needs one: the network protocol
with a SQLite file behind it. For tests alone: it shows what a client does, also with a server that
is slow, odd, broken or hostile.

Read in this order: settings, framing, primitives; listener, negotiation, authentication (how a
session begins); calls, statements, describe, values, rowstream, messages (how a query is answered);
faults, recorder, silent; session, server. What the bytes mean was learnt from Oracle's own JavaScript
driver (npm `oracledb`, lib/thin) and from answers of a real server; the field names are theirs."""
