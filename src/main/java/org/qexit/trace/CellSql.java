package org.qexit.trace;

/** SQL for the cells of the columns event, label and c1..cL. */
final class CellSql {
    /** 2^53: whole numbers below it have a double of their own. */
    private static final long EXACT = 1L << 53;

    private CellSql() {}

    /** The cell as a number, NULL if it is none. */
    static String number(String column, boolean parquet) {
        return parquet ? binary(column) : fromText(column);
    }

    /** The cell's text where it is bad, else NULL. */
    static String ifBad(String column, boolean parquet) {
        String number = number(column, parquet);
        String good = column.equals("event")
                ? number + " IS NOT NULL"
                : column.equals("label") ? number + " IN (0, 1)" : number + " BETWEEN 0 AND 1";
        return "CASE WHEN " + good + " THEN NULL ELSE CAST(" + column + " AS VARCHAR) END";
    }

    /** Whole numbers as such; scores as float: a double score is rounded to the nearest float. */
    private static String binary(String column) {
        return "TRY_CAST(" + column + (TraceColumns.isScore(column) ? " AS FLOAT)" : " AS BIGINT)");
    }

    /** NULL for what is no number. SQL would read {@code 0.9_5} as 0.95 and round the fraction of a whole number away. */
    private static String fromText(String column) {
        if (TraceColumns.isScore(column)) {
            return "CASE WHEN NOT contains(" + column + ", '_') THEN TRY_CAST(" + column + " AS FLOAT) END";
        }
        String decimal = "TRY_CAST(trim(" + column + ") AS DOUBLE)";
        String truth = column.equals("label")
                ? " WHEN trim(label) IN ('True', 'true', 'TRUE') THEN 1 WHEN trim(label) IN ('False', 'false', 'FALSE') THEN 0"
                : "";
        return "CASE WHEN regexp_full_match(" + column + ", '\\s*[+-]?[0-9]+\\s*') THEN TRY_CAST(trim(" + column
                + ") AS BIGINT)"
                + truth
                + " WHEN regexp_full_match(" + column + ", '\\s*[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?\\s*') AND "
                + decimal + " = floor(" + decimal + ") AND abs(" + decimal + ") < " + EXACT + " THEN CAST(" + decimal
                + " AS BIGINT) END";
    }
}
