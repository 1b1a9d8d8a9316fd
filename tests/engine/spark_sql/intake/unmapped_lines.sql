SELECT
  p.file_id,
  CAST(SUM(p.lines) AS BIGINT) AS lines,
  CAST(SUM(p.pence) AS BIGINT) AS submitted_pence
FROM line_part AS p
JOIN combination AS c
  ON c.combination_id = p.combination_id
WHERE
  NOT p.superseded AND c.point_of_delivery = 'Unmapped' AND c.not_counted = ''
GROUP BY
  p.file_id
ORDER BY
  p.file_id NULLS LAST
