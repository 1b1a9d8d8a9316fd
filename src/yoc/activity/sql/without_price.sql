-- Lines in the cohort whose code has no price: by code and point of delivery.
SELECT c.tariff_code, c.point_of_delivery, count(*) AS lines, CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence
FROM judged_line l JOIN combination c USING (combination_id)
WHERE l.fate = 'unpriced' GROUP BY ALL ORDER BY c.tariff_code, c.point_of_delivery
