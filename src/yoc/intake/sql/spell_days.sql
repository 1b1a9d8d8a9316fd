-- Spells whose bed days, over all the months in which parts of them are charged, are more than the days from their
-- first start to their last end, both counted: by provider, how many, and how many days too many.
CREATE OR REPLACE TABLE spell_over AS
WITH part AS (
    SELECT c.provider, c.data_set, l.episode_id, l.start_day, l.day, l.quantity_thousandths, l.submitted_pence
    FROM kept_line l JOIN combination c ON c.combination_id = l.combination_id
    WHERE c.point_of_delivery IN ('IPOBD', 'NELOBD', 'NELNEOBD', 'ELOBD') AND l.episode_id <> ''
      AND l.start_day IS NOT NULL),
spell AS (
    SELECT provider, count(*) AS lines, CAST(sum(quantity_thousandths) AS BIGINT) AS thousandths,
           (max(day) - min(start_day) + 1) * 1000 AS most_thousandths,
           CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence
    FROM part GROUP BY provider, data_set, episode_id)
SELECT provider, count(*) AS spells, CAST(sum(lines) AS BIGINT) AS lines,
       CAST(sum(thousandths - most_thousandths) AS BIGINT) AS over_thousandths,
       CAST(sum(submitted_pence) AS BIGINT) AS submitted_pence
FROM spell WHERE thousandths > most_thousandths
GROUP BY provider
