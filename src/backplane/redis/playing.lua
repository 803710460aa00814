-- The best of those who play now, as player, points, look, and so on. What silent leaders have put is taken off first.
--
-- KEYS[1]  the board    KEYS[2]  how its players look    KEYS[3]  puts; see `show.lua`
-- ARGV[1]  rows wanted, at least 1    ARGV[2]  milliseconds after which a leader is silent
local turns = 1073741824
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)

local puts = redis.call('HGETALL', KEYS[3])
for i = 1, #puts, 2 do
  local ms, players = string.match(puts[i + 1], '^(%d+) %d+ %d+(.*)$')
  if now_ms - tonumber(ms) > tonumber(ARGV[2]) then
    for player in string.gmatch(players, '%S+') do
      local shown = redis.call('HGET', KEYS[2], player)
      if shown and string.match(shown, '^%S+') == puts[i] then
        redis.call('ZREM', KEYS[1], player)
        redis.call('HDEL', KEYS[2], player)
      end
    end
    redis.call('HDEL', KEYS[3], puts[i])
  end
end

local rows = {}
local top = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #top, 2 do
  local shown = redis.call('HGET', KEYS[2], top[i]) or ''
  rows[#rows + 1] = top[i]
  rows[#rows + 1] = math.floor(tonumber(top[i + 1]) / turns)
  rows[#rows + 1] = string.gsub(shown, '^%S+ ', '', 1)
end
return rows
