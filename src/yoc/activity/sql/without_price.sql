-- Lines in the cohort that cannot be priced, by code and point of delivery: with no price in the book where the contract
-- needs one, and with no total submitted where it needs one.
SELECT c.tariff_code, c.point_of_delivery, count(*) AS lines,
       CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence,
       count(*) FILTER ($basis <> 'submitted' AND d.price_pence IS NULL) AS without_price,
       count(*) FILTER ($basis <> 'book' AND l.submitted_pence IS NULL) AS without_total
FROM judged_line l JOIN combination c USING (combination_id) JOIN decision d USING (combination_id)
WHERE l.fate = 'unpriced' GROUP BY ALL ORDER BY c.tariff_code, c.point_of_delivery
