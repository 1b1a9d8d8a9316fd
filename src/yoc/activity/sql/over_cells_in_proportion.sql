-- What lies over the threshold, taken from each person's lines above zero in proportion to each one's amount: its exact
-- share, taken down to the unit below, and the units left over one each to the lines in order of date, then line id.
-- What a person is over is what they are in all, with credits, over their threshold. The product of two amounts may need
-- more than 128 bits, so it is divided in two steps, of the amount's thousand-millions and of its rest.
WITH total AS (
    SELECT l.person_id, greatest(sum(l.amount) - min(o.threshold), 0) AS over, sum(greatest(l.amount, 0)) AS charges
    FROM judged_line l JOIN person_over o USING (person_id)
    WHERE l.fate = 'charged' GROUP BY l.person_id),
highest AS (
    SELECT l.*, t.over, t.charges, t.over * (l.amount // 1000000000) AS product
    FROM judged_line l JOIN total t USING (person_id)
    WHERE l.fate = 'charged' AND l.amount > 0),
shared AS (
    SELECT * EXCLUDE (charges, product),
           CAST(product AS HUGEINT) // charges * 1000000000
               + CAST(product % charges * 1000000000 + over * (amount % 1000000000) AS HUGEINT) // charges AS share
    FROM highest),
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
