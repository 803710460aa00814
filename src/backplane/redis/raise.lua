-- Raises players of a board of best runs, never lowers them, and keeps how they look now. A score is the points above 30 bits that count down the
-- board's raises, so that ties go to who was there first; 53 bits are exact. Raising twice is as good as once.
--
-- KEYS[1]  the board, a sorted set    KEYS[2]  the number of its raises    KEYS[3]  how its players look, a hash
-- ARGV[1]  rows to keep    ARGV[2]  seconds to keep the board, 0 for ever
-- ARGV[3], ARGV[4], ...    player, points (at most 2^23 - 1) and look of each; without a look only who is there is raised
local turns, rows_max = 1073741824, tonumber(ARGV[1])
local function points_of(rank) return math.floor(tonumber(rank) / turns) end

for i = 3, #ARGV, 3 do
  local player, points, shown = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local old = redis.call('ZSCORE', KEYS[1], player)
  local fits = old or shown ~= ''
  if fits and not old and redis.call('ZCARD', KEYS[1]) >= rows_max then
    fits = points > points_of(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
  end
  if fits and not (old and points_of(old) >= points) then
    local turn = redis.call('INCR', KEYS[2])
    redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', points * turns + math.max(0, turns - 1 - turn)), player)
  end
  if fits and shown ~= '' then
    redis.call('HSET', KEYS[3], player, shown)
  end
end

local extra = redis.call('ZCARD', KEYS[1]) - rows_max
if extra > 0 then
  for _, player in ipairs(redis.call('ZRANGE', KEYS[1], 0, extra - 1)) do
    redis.call('ZREM', KEYS[1], player)
    redis.call('HDEL', KEYS[3], player)
  end
end
if ARGV[2] ~= '0' then
  for i = 1, 3 do
    redis.call('EXPIRE', KEYS[i], ARGV[2])
  end
end
