-- The secret that all processes share: the one that is kept, or this one from now on.
--
-- KEYS[1]  the secret    ARGV[1]  what to keep when there is none
redis.call('SETNX', KEYS[1], ARGV[1])
return redis.call('GET', KEYS[1])
