package org.qexit.experiment.tabular;

import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/** A support vector classifier with Gaussian kernel, by LIBSVM. */
final class SupportVectors {
    private static final double TOLERANCE = 1e-3;
    private static final int CACHE_MEBIBYTES = 16;

    static {
        svm.svm_set_print_string_function(text -> {});
    }

    private SupportVectors() {}

    static Fit fit(double cost, double gamma, Table train, Table test) {
        svm_problem problem = new svm_problem();
        problem.l = train.size();
        problem.x = nodes(train);
        problem.y = new double[problem.l];
        for (int i = 0; i < problem.l; i++) {
            problem.y[i] = train.labels()[i];
        }
        svm_parameter parameter = new svm_parameter();
        parameter.svm_type = svm_parameter.C_SVC;
        parameter.kernel_type = svm_parameter.RBF;
        parameter.gamma = gamma;
        parameter.C = cost;
        parameter.eps = TOLERANCE;
        parameter.cache_size = CACHE_MEBIBYTES;
        parameter.shrinking = 1;
        svm_model model = svm.svm_train(problem, parameter);
        return new Fit(
                true,
                accuracy(model, problem.x, train.labels()),
                accuracy(model, nodes(test), test.labels()),
                model.l,
                model.l + 1);
    }

    private static double accuracy(svm_model model, svm_node[][] rows, int[] labels) {
        long right = 0;
        for (int i = 0; i < rows.length; i++) {
            right += svm.svm_predict(model, rows[i]) == labels[i] ? 1 : 0;
        }
        return right / (double) rows.length;
    }

    private static svm_node[][] nodes(Table table) {
        svm_node[][] rows = new svm_node[table.size()][table.width()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < table.width(); j++) {
                rows[i][j] = new svm_node();
                rows[i][j].index = j + 1;
                rows[i][j].value = table.rows()[i][j];
            }
        }
        return rows;
    }
}
