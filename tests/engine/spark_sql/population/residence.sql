CREATE OR REPLACE TABLE residence AS
SELECT
  *
FROM (
  SELECT
    r.person_id,
    h.host_id,
    GREATEST(r.from_day, h.from_day, COALESCE(p.birth_day, r.from_day)) AS from_day,
    LEAST(r.to_day, h.to_day, COALESCE(p.gone_day, r.to_day)) AS to_day
  FROM span AS r
  JOIN practice_host AS h
    ON h.practice = r.practice
  LEFT JOIN read_person AS p
    ON p.person_id = r.person_id AND p.fault = ''
)
WHERE
  from_day < to_day
