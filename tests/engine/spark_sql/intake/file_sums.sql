SELECT
  file_id,
  CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT) AS submitted_pence,
  CAST(COALESCE(SUM(submitted_pence) FILTER(WHERE
    rejected), 0) AS BIGINT) AS rejected_pence,
  COUNT(*) FILTER(WHERE
    submitted_pence IS NULL AND rejected) AS unreadable_sums
FROM (
  SELECT
    f.file_id,
    r.submitted_pence,
    r.fault <> '' AND NOT (
      :blank_total_kept AND r.fault = 'total cost is blank'
    ) AS rejected
  FROM canonical AS r
  JOIN activity_file AS f
    ON f.canonical = r.filename
)
GROUP BY
  file_id
ORDER BY
  file_id NULLS LAST
