-- Lines that stand more than once with one identifier, the same in everything that is read: how many too many, and what
-- was submitted for them.
SELECT CAST(coalesce(sum(times - 1), 0) AS BIGINT) AS lines,
       CAST(coalesce(sum((times - 1) * submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM (
    SELECT count(*) AS times, submitted_pence
    FROM line WHERE NOT superseded AND line_id <> ''
    GROUP BY line_id, person_id, combination_id, day, quantity_thousandths, submitted_pence
    HAVING count(*) > 1)
