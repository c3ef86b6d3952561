-- Posts every line of a file once, over the connections that wrk opens, and prints the time from
-- the first request to the last answer. For one thread.
--
--   wrk --threads 1 --connections N --duration 600s --script post.lua URL -- FILE

local ffi = require("ffi")
ffi.cdef([[
struct moment { long seconds; long nanoseconds; };
int clock_gettime(int clock, struct moment *moment);
int getpid(void);
int kill(int process, int number);
]])
local CLOCK_MONOTONIC = 1
local SIGINT = 2

local requests = {}
local is_checked = false
local sent = 0
local answered = 0
local began = 0

local function now()
    local moment = ffi.new("struct moment")
    ffi.C.clock_gettime(CLOCK_MONOTONIC, moment)
    return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
    runner = thread
end

function init(args)
    local headers = {
        ["Accept"] = "application/json",
        ["Authorization"] = "Bearer good",
        ["Content-Type"] = "application/json",
    }
    for line in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format("POST", "/api/users/", headers, line)
    end
    accepted = 0
    seconds = 0
end

-- wrk asks for one request that it does not send, to look at its form. A connection that gets
-- nothing to send stays idle.
function request()
    if not is_checked then
        is_checked = true
        return requests[1]
    end
    if sent == 0 then
        began = now()
    end
    sent = sent + 1
    return requests[sent] or ""
end

-- wrk's own clock runs until it is interrupted.
function response(status)
    answered = answered + 1
    if status == 200 then
        accepted = accepted + 1
    end
    if answered == #requests then
        seconds = now() - began
        ffi.C.kill(ffi.C.getpid(), SIGINT)
    end
end

function done()
    print(string.format("posted %d in %.6f s", runner:get("accepted"), runner:get("seconds")))
end
