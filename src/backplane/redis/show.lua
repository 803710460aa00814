-- Puts all rows of one maze on a board of those who play now: whole, so that whoever has left is gone and what Redis has lost is back. Rows of an
-- older position than those that stand are passed over, unless their leader is silent. Scores as in `raise.lua`; here they may fall.
--
-- KEYS[1]  the board, a sorted set    KEYS[2]  the number of its raises    KEYS[3]  how its players look: maze, a space, the look
-- KEYS[4]  puts, a hash of maze to `milliseconds epoch tick player player ...`
-- ARGV[1]  maze    ARGV[2]  epoch    ARGV[3]  tick    ARGV[4]  milliseconds after which a leader is silent
-- ARGV[5]  seconds after which a board that nobody puts anything on is swept away
-- ARGV[6], ARGV[7], ...    player, points and look of each
local turns = 1073741824
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)

local gone = {}
local before = redis.call('HGET', KEYS[4], ARGV[1])
if before then
  local ms, epoch, tick, players = string.match(before, '^(%d+) (%d+) (%d+)(.*)$')
  local ahead = tonumber(epoch) - tonumber(ARGV[2])
  if ahead == 0 then
    ahead = tonumber(tick) - tonumber(ARGV[3])
  end
  if ahead > 0 and now_ms - tonumber(ms) <= tonumber(ARGV[4]) then
    return
  end
  for player in string.gmatch(players, '%S+') do
    gone[player] = true
  end
end

local players = ''
for i = 6, #ARGV, 3 do
  local player, points = ARGV[i], tonumber(ARGV[i + 1])
  gone[player] = nil
  players = players .. ' ' .. player
  local old = redis.call('ZSCORE', KEYS[1], player)
  if not old or math.floor(tonumber(old) / turns) ~= points then
    local turn = redis.call('INCR', KEYS[2])
    redis.call('ZADD', KEYS[1], string.format('%.0f', points * turns + math.max(0, turns - 1 - turn)), player)
  end
  redis.call('HSET', KEYS[3], player, ARGV[1] .. ' ' .. ARGV[i + 2])
end
for player in pairs(gone) do
  local shown = redis.call('HGET', KEYS[3], player)
  if shown and string.match(shown, '^%S+') == ARGV[1] then -- else he has moved to another maze, which has put him since
    redis.call('ZREM', KEYS[1], player)
    redis.call('HDEL', KEYS[3], player)
  end
end

if players == '' then
  redis.call('HDEL', KEYS[4], ARGV[1])
else
  redis.call('HSET', KEYS[4], ARGV[1], string.format('%.0f', now_ms) .. ' ' .. ARGV[2] .. ' ' .. ARGV[3] .. players)
end
for i = 1, 4 do
  redis.call('EXPIRE', KEYS[i], ARGV[5])
end
