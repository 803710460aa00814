-- Keeps what a node said last, with the server's own time, so that no two clocks are compared.
--
-- KEYS[1]  all nodes, a hash of id to `milliseconds`, a space, what was said
-- ARGV[1]  id    ARGV[2]  what it says
local now = redis.call('TIME')
redis.call('HSET', KEYS[1], ARGV[1], now[1] * 1000 + math.floor(now[2] / 1000) .. ' ' .. ARGV[2])
