-- The best runs of a board, as player, points, look, and so on.
--
-- KEYS[1]  the board    KEYS[2]  how its players look    ARGV[1]  rows wanted, at least 1
local rows = {}
local top = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #top, 2 do
  rows[#rows + 1] = top[i]
  rows[#rows + 1] = math.floor(tonumber(top[i + 1]) / 1073741824)
  rows[#rows + 1] = redis.call('HGET', KEYS[2], top[i]) or ''
end
return rows
