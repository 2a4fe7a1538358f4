-- One POST /create with a dedup key of its own for each request; wrk's threads are told apart by a number.
local number = 0
function setup(thread)
  thread:set("id", number)
  number = number + 1
end
function init()
  count = 0
  text = string.rep("disk full on db-7; ", 12)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "token " .. (os.getenv("KEY") or "none")
  service = os.getenv("SERVICE") or "none"
  prefix = os.getenv("PREFIX") or "bench"
end
function request()
  count = count + 1
  local body = string.format(
    '{"title": "Disk full on db-7", "service_ref_id": "%s", "description": "%s", "urgency_level": 4, "dedup_key": "%s-%d-%d"}',
    service, text, prefix, id, count)
  return wrk.format(nil, nil, nil, body)
end
function done(summary, latency)
  local seconds = summary.duration / 1e6
  local errors = summary.errors
  print(string.format("figures %.0f %.2f %.2f %d %d", summary.requests / seconds, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
