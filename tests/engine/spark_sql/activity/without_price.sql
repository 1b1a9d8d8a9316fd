SELECT
  c.tariff_code,
  c.point_of_delivery,
  :basis <> 'submitted' AND l.price_period IS NULL AS undated,
  CAST(SUM(l.lines) AS BIGINT) AS lines,
  CAST(SUM(l.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(
    CASE
      WHEN :basis <> 'submitted' AND NOT l.price_period IS NULL AND q.price_pence IS NULL
      THEN l.lines
      ELSE 0
    END
  ) AS BIGINT) AS without_price,
  CAST(SUM(
    CASE
      WHEN :basis <> 'submitted' AND q.price_pence IS NULL AND q.was_priced
      THEN l.lines
      ELSE 0
    END
  ) AS BIGINT) AS once_priced,
  CAST(SUM(CASE WHEN :basis <> 'book' THEN l.lines - l.lines_with_total ELSE 0 END) AS BIGINT) AS without_total
FROM line_cell AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
LEFT JOIN period_price AS q
  ON q.combination_id = l.combination_id AND q.price_period = l.price_period
WHERE
  l.fate = 'unpriced'
GROUP BY
  c.tariff_code,
  c.point_of_delivery,
  :basis <> 'submitted' AND l.price_period IS NULL
ORDER BY
  c.tariff_code NULLS LAST,
  c.point_of_delivery NULLS LAST,
  undated NULLS LAST
