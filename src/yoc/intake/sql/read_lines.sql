-- The rows of some files, read: each one's period and the rule that gave it, day, quantity and sum, and the first field at fault.
-- The period is what the row states, else what the file's name tells, else the month of the activity date.
CREATE OR REPLACE TABLE read_line AS
WITH parsed AS (
    SELECT i.file_id, file.name_period, i.row_number, i.person_key, i.provider, i.commissioner, i.treatment_function, i.specialised_service,
           i.tariff_code, i.national_tariff, i.cds_identifier, i.non_cds_identifier,
           pod.code AS point_of_delivery, dated.day AS stated_day, trim(i.activity_date) AS date_text,
           period.period AS stated_period, period.fault AS period_fault,
           plain_number(i.quantity) AS quantity, plain_number(i.total_cost) AS cost, trim(i.total_cost) AS cost_text
    FROM incoming i
    JOIN activity_file file ON file.file_id = i.file_id
    JOIN date_text dated ON dated.text = i.activity_date
    JOIN period_text period ON period.text = i.financial_year AND period.second = i.financial_month
    JOIN pod_text pod ON pod.text = i.point_of_delivery
), placed AS (
    SELECT parsed.*,
           CASE WHEN stated_period IS NOT NULL THEN 'stated' WHEN name_period IS NOT NULL THEN 'file name'
                ELSE 'activity date' END AS period_rule,
           coalesce(stated_period, name_period, dated.period) AS period
    FROM parsed LEFT JOIN calendar dated ON dated.day = stated_day
)
SELECT file_id, row_number, trim(person_key) AS person_key, upper(trim(provider)) AS provider,
       upper(trim(commissioner)) AS commissioner, point_of_delivery, upper(trim(tariff_code)) AS tariff_code,
       trim(coalesce(treatment_function, '')) AS treatment_function,
       trim(coalesce(specialised_service, '')) AS specialised_service,
       upper(trim(national_tariff)) AS national_tariff,
       coalesce(nullif(trim(cds_identifier), ''), trim(non_cds_identifier), '') AS line_id,
       period_rule, period,
       -- A line of money alone may carry no date: it takes the first day of its period.
       coalesce(stated_day, CASE WHEN date_text = '' THEN first.day END) AS day,
       CASE WHEN NOT finer_than(quantity, 3) THEN scaled(quantity, 3) END AS quantity_thousandths,
       scaled(cost, 2) AS submitted_pence,
       CASE WHEN period_fault <> '' THEN period_fault
            WHEN trim(provider) = '' THEN 'provider is blank'
            WHEN stated_day IS NULL AND date_text <> '' THEN 'activity date is not a date'
            WHEN stated_day IS NULL AND (period IS NULL OR first.day IS NULL) THEN 'activity date is blank'
            WHEN quantity IS NULL THEN 'activity count is not a number'
            WHEN finer_than(quantity, 3) THEN 'activity count has more than three decimals'
            -- A blank total is not £0.00. It is a fault but where the contract looks at totals, line by line, itself.
            WHEN cost_text = '' AND NOT $blank_total_kept THEN 'total cost is blank'
            WHEN cost IS NULL AND cost_text <> '' THEN 'total cost is not a sum of money'
            ELSE '' END AS fault
FROM placed LEFT JOIN period_start first USING (period)
