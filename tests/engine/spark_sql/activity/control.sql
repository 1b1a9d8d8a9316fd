SELECT
  (
    SELECT
      COUNT(*)
    FROM line
    WHERE
      NOT superseded
  ) AS lines_in,
  (
    SELECT
      CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT)
    FROM line
    WHERE
      NOT superseded
  ) AS submitted_in_pence,
  (
    SELECT
      COUNT(*)
    FROM judged_line
  ) AS lines_judged
