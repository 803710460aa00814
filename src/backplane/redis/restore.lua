-- Puts lines back into a chat stream that has lost them, under their old ids, among those that it has; keeps the newest. Lines that it has stay
-- as they are, so that whoever restores first or twice changes nothing. What it did not have is published, for those who have read it meanwhile.
--
-- KEYS[1]  the stream
-- ARGV[1]  lines to keep    ARGV[2]  channel of the stream's news, as in say.lua
-- ARGV[3], ARGV[4], ...  milliseconds, counter and line of each, oldest first
local entries, known, missing = {}, {}, false
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  local ms, n = string.match(entry[1], '(%d+)-(%d+)')
  known[entry[1]] = true
  entries[#entries + 1] = {tonumber(ms), tonumber(n), entry[2][2]}
end
local full, oldest = #entries >= tonumber(ARGV[1]), entries[1]
for i = 3, #ARGV, 3 do
  local ms, n = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  -- What a full stream has dropped as its oldest is not lost.
  local dropped = full and (ms < oldest[1] or (ms == oldest[1] and n < oldest[2]))
  if not dropped and not known[ARGV[i] .. '-' .. ARGV[i + 1]] then
    missing = true
    entries[#entries + 1] = {ms, n, ARGV[i + 2], true}
  end
end
if not missing then
  return 0
end
table.sort(entries, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
redis.call('DEL', KEYS[1])
for i = math.max(1, #entries - ARGV[1] + 1), #entries do
  local id = string.format('%.0f-%.0f', entries[i][1], entries[i][2])
  redis.call('XADD', KEYS[1], id, 'line', entries[i][3])
  if entries[i][4] then
    redis.call('PUBLISH', ARGV[2], id .. ' ' .. entries[i][3])
  end
end
return 1
