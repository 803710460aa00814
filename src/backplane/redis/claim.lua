-- Takes a maze whose record is exactly as the claimer saw it (R1). Answers {granted, epoch, tick, base, vacant, owner, world, keyframe,
-- ancestry}, or
-- {0, epoch, tick} when refused, or {0} when refused and there is no record.
--
-- KEYS[1]  the maze's record, a hash
-- ARGV[1]  owner, for people only
-- ARGV[2]  epoch that was seen, empty for an absent record      ARGV[3]  tick that was seen
-- ARGV[4]  epoch of this claim, above the record's
-- ARGV[5]  tick of the memory, empty for none                   ARGV[6]  its world    ARGV[7]  its show
-- ARGV[8]  ticks after which play is settled                    ARGV[9]  channel of the maze's shows
-- ARGV[10] ancestry of the memory: "epoch:tick epoch:tick ...", where its world changed hands, oldest first, its own position last
-- ARGV[11] positions that an ancestry holds at most
local record = redis.call('HMGET', KEYS[1], 'epoch', 'tick', 'base', 'vacant', 'owner', 'world', 'keyframe', 'ancestry')
local epoch, tick, base = tonumber(record[1]), tonumber(record[2]), tonumber(record[3])
local mine = tonumber(ARGV[4])

if epoch == mine then -- the same claim again: its answer was lost
  return {1, epoch, tick, base, tonumber(record[4]), record[5], record[6], record[7], record[8] or ''}
end
if epoch then
  if ARGV[2] == '' or epoch ~= tonumber(ARGV[2]) or tick ~= tonumber(ARGV[3]) or mine <= epoch then
    return {0, epoch, tick}
  end
elseif ARGV[2] ~= '' then
  return {0}
end

local world, keyframe, ancestry = record[6] or '', record[7] or '', record[8] or ''
local held = {} -- by epoch, up to which tick the memory holds it
for e, t in string.gmatch(ARGV[10], '(%d+):(%d+)') do
  held[tonumber(e)] = tonumber(t)
end
local parted = epoch and held[epoch] and math.min(held[epoch], tick) -- up to where the record's world is the memory's, too
for e, t in string.gmatch(ancestry, '(%d+):(%d+)') do
  if held[tonumber(e)] then
    parted = math.max(parted or 0, math.min(held[tonumber(e)], tonumber(t)))
  end
end
parted = parted or tonumber(string.match(ancestry, ':(%d+)')) or base -- nothing in common: since the record's first change of hands
local memory = tonumber(ARGV[5])
local newer = memory and (not epoch or (memory > tick and tick - parted < tonumber(ARGV[8])))
if newer then
  tick, world, keyframe, ancestry = memory, ARGV[6], ARGV[7], ARGV[10]
elseif epoch then
  ancestry = (ancestry == '' and '' or ancestry .. ' ') .. string.format('%.0f:%.0f', epoch, tick)
  if select(2, string.gsub(ancestry, ':', '')) > tonumber(ARGV[11]) then
    ancestry = string.match(ancestry, ' (.*)')
  end
end
tick = tick or 0
redis.call('HSET', KEYS[1], 'epoch', mine, 'tick', tick, 'base', tick, 'vacant', 0, 'owner', ARGV[1], 'world', world, 'keyframe', keyframe,
  'ancestry', ancestry)
if newer then
  redis.call('PUBLISH', ARGV[9], keyframe)
end
return {1, mine, tick, tick, 0, ARGV[1], world, keyframe, ancestry}
