-- How many lines count.
SELECT CAST(coalesce(sum(lines), 0) AS BIGINT) AS lines FROM line_part WHERE NOT superseded
