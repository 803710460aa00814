-- Raises a member of a board, never lowers him. A score is the points above 30 bits that count down the board's raises, so that ties go to who
-- was there first; 53 bits are exact. An equal or lower result changes nothing, so that raising twice is as good as once.
--
-- KEYS[1]  the board, a sorted set       KEYS[2]  the number of its raises
-- ARGV[1]  member    ARGV[2]  points, at most 2^23 - 1    ARGV[3]  rows to keep    ARGV[4]  seconds to keep the board, 0 for ever
local turns = 1073741824
local old = redis.call('ZSCORE', KEYS[1], ARGV[1])
if old and math.floor(tonumber(old) / turns) >= tonumber(ARGV[2]) then
  return
end
local turn = redis.call('INCR', KEYS[2])
redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', ARGV[2] * turns + math.max(0, turns - 1 - turn)), ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[3])
if ARGV[4] ~= '0' then
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
