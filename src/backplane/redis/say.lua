-- Appends a line to a chat stream, keeps the newest, and publishes it with its id. Answers the id.
--
-- KEYS[1]  the stream
-- ARGV[1]  the line    ARGV[2]  lines to keep    ARGV[3]  channel of the stream's news: `milliseconds-counter`, a space, the line
local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'line', ARGV[1])
redis.call('PUBLISH', ARGV[3], id .. ' ' .. ARGV[1])
return id
