-- Sends the requests of a file in turn, from the one with the given number on. Each line has a path, a token (or
-- nothing) and a body, separated by tabs. Prints one line of figures at the end.
--
-- After a refused request the next one waits, so that the load is as many requests as wanted and not as many as refusals
-- can be sent.
--
-- wrk ... -s requests.lua URL -- FILE FIRST PAUSE

local requests = {}
local position = 0
local pause = 0
local refused = 0

function init(arguments)
    for line in io.lines(arguments[1]) do
        local path, token, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = {["content-type"] = "application/json", accept = "application/graphql-response+json"}
        if token ~= "" then
            headers.authorization = "Bearer " .. token
        end
        requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
    position = tonumber(arguments[2]) % #requests
    pause = tonumber(arguments[3])
    -- wrk is faster where it does not have to ask.
    if pause > 0 then
        response = function(status)
            if status == 503 then
                refused = refused + 1
            end
        end
        delay = function()
            if refused == 0 then
                return 0
            end
            refused = refused - 1
            return pause
        end
    end
end

function request()
    position = position % #requests + 1
    return requests[position]
end

-- Times are in microseconds; `within` is the share of answers within a second, in millionths. The latencies of wrk
-- count also what would have been asked while an answer took longer than others, so shares are right, but no counts.
function done(summary, latency)
    local errors, within, all = summary.errors, 0, 0
    for index = 1, #latency do
        local micros, count = latency(index)
        all = all + count
        if micros <= 1e6 then
            within = within + count
        end
    end
    print(string.format("figures %d %d %d %d %d %d %d %d", summary.requests, summary.duration, summary.bytes,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status, latency:percentile(50),
        latency:percentile(99), within * 1e6 / math.max(all, 1)))
end
