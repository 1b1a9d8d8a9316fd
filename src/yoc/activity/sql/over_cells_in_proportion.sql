-- What lies over the threshold, taken from each person's lines above zero in proportion to each one's amount: its exact
-- share, taken down to the unit below, and the units left over one each to the lines in order of date, then line id.
-- What a person is over is what they are in all, with credits, over their threshold. Products of two amounts need 128 bits.
WITH total AS (
    SELECT l.person_id, greatest(sum(l.amount) - any_value(o.threshold), 0) AS over, sum(greatest(l.amount, 0)) AS charges
    FROM judged_line l JOIN person_over o USING (person_id)
    WHERE l.fate = 'charged' GROUP BY l.person_id),
shared AS (
    SELECT l.*, t.over, CAST(t.over AS HUGEINT) * CAST(l.amount AS HUGEINT) // CAST(t.charges AS HUGEINT) AS share
    FROM judged_line l JOIN total t USING (person_id)
    WHERE l.fate = 'charged' AND l.amount > 0),
placed AS (
    SELECT *, over - sum(share) OVER (PARTITION BY person_id) AS units_left,
           row_number() OVER (PARTITION BY person_id ORDER BY day, line_id, provider, setting, amount) AS place
    FROM shared),
lost AS (
    SELECT host_id, segment_id, setting, provider, month,
           share + CASE WHEN place <= units_left THEN 1 ELSE 0 END AS over
    FROM placed)
SELECT host_id, segment_id, setting, provider, month,
       CAST(sum(over // 1000000000) AS BIGINT) AS over_high, CAST(sum(over % 1000000000) AS BIGINT) AS over_low
FROM lost GROUP BY host_id, segment_id, setting, provider, month
HAVING sum(over) <> 0
ORDER BY host_id, segment_id, setting, provider, month
