-- The load of scripts/bench.sh by wrk. MODE says what is asked: create (a dedup key of its own for each), same (one key
-- for all), event (an event of PagerDuty's API for each), webhook (a body of Alertmanager's with 50 alerts), alerts (the
-- same alerts as Alertmanager itself takes them), alert (one of them), people (as create, each for any of PEOPLE_COUNT people p0, p1 ...), details (any of COUNT incidents from FIRST
-- on), list (in turns by status, urgency, tag, service and person).
-- RUN keeps the keys of runs apart; wrk's threads are told apart by a number.
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
  mode = os.getenv("MODE") or "create"
  run = os.getenv("RUN") or "0"
  first = tonumber(os.getenv("FIRST") or "1")
  people = tonumber(os.getenv("PEOPLE_COUNT") or "1")
  size = tonumber(os.getenv("COUNT") or "1")
  math.randomseed(id + 1)
end
local filters = {
  function() return '{"limit": 50, "status": ["OPEN"]}' end,
  function() return string.format('{"limit": 50, "urgency_level": %d}', math.random(1, 5)) end,
  function() return string.format('{"limit": 50, "tags": ["host-%d"]}', math.random(0, 999)) end,
  function() return string.format('{"limit": 50, "service_ref_id": "%s", "status": ["ACKNOWLEDGED"]}', service) end,
  function() return '{"limit": 50, "assignee": "ana", "status": ["RESOLVED"]}' end,
}
local function create(key)
  return string.format(
    '{"title": "Disk full on db-7", "service_ref_id": "%s", "description": "%s", "urgency_level": 4, "dedup_key": "%s"}',
    service, text, key)
end
-- So many alerts; `state` is what the webhook says of each beside.
local function alerts(state, many)
  local list = {}
  for place = 1, many do
    local name = string.format("%s-%d-%d-%d", run, id, count, place)
    list[place] = string.format(
      '{%s"labels": {"alertname": "Disk full", "instance": "%s", "severity": "high"}, "annotations": {"summary": ' ..
      '"Disk full on db-7", "description": "%s"}, "fingerprint": "%s"}', state, name, text, name)
  end
  return table.concat(list, ", ")
end
function request()
  count = count + 1
  local body
  if mode == "create" then
    body = create(string.format("bench-%s-%d-%d", run, id, count))
  elseif mode == "same" then
    body = create("bench-same-" .. run)
  elseif mode == "people" then
    body = string.format(
      '{"title": "Disk full on db-7", "users": ["p%d"], "description": "%s", "urgency_level": 4, "dedup_key": "storm-%s-%d-%d"}',
      math.random(0, people - 1), text, run, id, count)
  elseif mode == "event" then
    body = string.format(
      '{"routing_key": "%s", "event_action": "trigger", "dedup_key": "event-%s-%d-%d", "payload": {"summary": ' ..
      '"Disk full on db-7", "source": "db-7", "severity": "error", "custom_details": "%s"}}',
      os.getenv("INTEGRATION_KEY"), run, id, count, text)
  elseif mode == "webhook" then
    body = '{"version": "4", "groupKey": "g", "status": "firing", "alerts": [' .. alerts('"status": "firing", ', 50) .. "]}"
  elseif mode == "alerts" then
    body = "[" .. alerts("", 50) .. "]"
  elseif mode == "alert" then
    body = "[" .. alerts("", 1) .. "]"
  elseif mode == "details" then
    body = string.format('{"instance_id": %d}', first + math.random(0, size - 1))
  else
    body = filters[count % #filters + 1]()
  end
  return wrk.format(nil, nil, nil, body)
end
function done(summary, latency)
  local seconds = summary.duration / 1e6
  local errors = summary.errors
  print(string.format("figures %.0f %.2f %.2f %d %d", summary.requests / seconds, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
