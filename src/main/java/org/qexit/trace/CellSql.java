package org.qexit.trace;

/** SQL for the cells of the columns event, label and c1..cL. */
final class CellSql {
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
        return column.startsWith("c") ? "CAST(" + column + " AS FLOAT)" : "TRY_CAST(" + column + " AS BIGINT)";
    }

    /** NULL for what is no number; a fraction is no whole number, though SQL would round it. */
    private static String fromText(String column) {
        return column.startsWith("c")
                ? "TRY_CAST(" + column + " AS FLOAT)"
                : "CASE WHEN regexp_full_match(" + column + ", '\\s*[+-]?[0-9]+\\s*') THEN TRY_CAST(trim(" + column
                        + ") AS BIGINT) END";
    }
}
