-- Stores a newer world of the record's own epoch and publishes its show: what is shown is stored (R2). Answers {1} when granted (at the record's
-- own position nothing is done), {0, epoch, tick} when refused, {0} when refused and there is no record.
--
-- KEYS[1]  the maze's record, a hash
-- ARGV[1]  epoch    ARGV[2]  tick    ARGV[3]  world    ARGV[4]  show
-- ARGV[5]  1 to leave the maze vacant, else 0
-- ARGV[6]  channel of the maze's shows    ARGV[7]  channel to its leader and who stands by; an empty message on both says that it is vacant
local at = redis.call('HMGET', KEYS[1], 'epoch', 'tick')
if not at[1] then
  return {0}
end
local epoch, tick = tonumber(at[1]), tonumber(at[2])
if epoch ~= tonumber(ARGV[1]) or tonumber(ARGV[2]) < tick then
  return {0, epoch, tick}
end
if tonumber(ARGV[2]) > tick then
  redis.call('HSET', KEYS[1], 'tick', ARGV[2], 'vacant', ARGV[5], 'world', ARGV[3], 'keyframe', ARGV[4])
  redis.call('PUBLISH', ARGV[6], ARGV[4])
  if ARGV[5] == '1' then
    redis.call('PUBLISH', ARGV[6], '')
    redis.call('PUBLISH', ARGV[7], '')
  end
end
return {1}
