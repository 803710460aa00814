-- The nodes heard lately, as id, age in milliseconds, words, and so on; those silent for longer are forgotten.
--
-- KEYS[1]  all nodes    ARGV[1]  milliseconds after which a node is forgotten
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
local all, heard = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
  local gap = string.find(all[i + 1], ' ', 1, true)
  local age_ms = math.max(0, now_ms - tonumber(string.sub(all[i + 1], 1, gap - 1)))
  if age_ms > tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], all[i])
  else
    heard[#heard + 1] = all[i]
    heard[#heard + 1] = age_ms
    heard[#heard + 1] = string.sub(all[i + 1], gap + 1)
  end
end
return heard
