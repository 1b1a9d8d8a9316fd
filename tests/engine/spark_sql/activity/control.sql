SELECT
  (
    SELECT
      CAST(COALESCE(SUM(lines), 0) AS BIGINT)
    FROM line_part
    WHERE
      NOT superseded
  ) AS lines_in,
  (
    SELECT
      CAST(COALESCE(SUM(pence), 0) AS BIGINT)
    FROM line_part
    WHERE
      NOT superseded
  ) AS submitted_in_pence,
  (
    SELECT
      CAST(COALESCE(SUM(lines), 0) AS BIGINT)
    FROM line_cell
  ) AS lines_judged
