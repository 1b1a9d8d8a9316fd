SELECT
  c.tariff_code,
  c.point_of_delivery,
  :basis <> 'submitted' AND l.price_period IS NULL AS undated,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS submitted_pence,
  COUNT(
    CASE
      WHEN :basis <> 'submitted' AND NOT l.price_period IS NULL AND q.price_pence IS NULL
      THEN 1
    END
  ) AS without_price,
  COUNT(
    CASE
      WHEN :basis <> 'submitted' AND q.price_pence IS NULL AND q.was_priced
      THEN 1
    END
  ) AS once_priced,
  COUNT(CASE WHEN :basis <> 'book' AND l.submitted_pence IS NULL THEN 1 END) AS without_total
FROM judged_line AS l
JOIN combination AS c
  USING (combination_id)
LEFT JOIN period_price AS q
  ON q.combination_id = l.combination_id AND q.price_period = l.price_period
WHERE
  l.fate = 'unpriced'
GROUP BY
  c.tariff_code,
  c.point_of_delivery,
  undated
ORDER BY
  c.tariff_code NULLS LAST,
  c.point_of_delivery NULLS LAST,
  undated NULLS LAST
