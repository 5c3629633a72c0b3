#!/usr/bin/env bash
# One MPS file, two optima. A column between the markers INTORG and INTEND that the section BOUNDS does not name is 0 to 1 to GLPK 5.0 and CBC 2.10.8
# (the rule that SAS and QSopt document), 0 to infinity to lp_solve 5.5.2.5 and ojAlgo 57.1.0. All four end with "optimal", none warns. Here x is such a column, with
# x <= 5 as a row: minus x is -1 for two of them, -5 for the others. Most general integers in models of one's own are counts from 0, which is just
# what one is tempted to leave to the default.
# What one would do: write a bound for every integer column, `PL` where there is none.
# Output seen: without bounds: glpk -1, cbc -1, lp_solve -5, ojalgo -5; with PL: glpk -5, cbc -5, lp_solve -5, ojalgo -5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Debian 12's packages, unpacked here, with the libraries below them.
packages=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
  coinor-cbc glpk-utils lp-solve | grep -E '^[a-z0-9]' | grep -vE '^(libc6|libgcc-s1|gcc-.*-base|debconf|dpkg|perl.*)(:|$)' | sort -u)
mkdir debs && (cd debs && for package in $packages; do apt-get download -qq "$package" >/dev/null 2>&1 || true; done)
for wanted in coinor-cbc_2.10.8 glpk-utils_5.0 lp-solve_5.5.2.5; do ls debs/"$wanted"* >/dev/null; done
for deb in debs/*.deb; do dpkg -x "$deb" root; done
LIBRARIES=$(find root -name '*.so*' -printf '%h\n' | sort -u | sed "s#^#$folder/#" | paste -sd:)
mvn -q -B dependency:copy -Dartifact="org.ojalgo:ojalgo:57.1.0" -DoutputDirectory="$folder/lib" >/dev/null
cat >Finding.java <<'JAVA'
import java.io.File;
import org.ojalgo.optimisation.ExpressionsBasedModel;

public class Finding {
    public static void main(String[] args) {
        System.out.println(Math.round(ExpressionsBasedModel.parse(new File(args[0])).minimise().getValue()));
    }
}
JAVA
model() { # name, line of the section BOUNDS
  printf '%s\n' 'NAME          COUNT' 'ROWS' ' N  COST' ' L  MOST' 'COLUMNS' "    MARKER    'MARKER'  'INTORG'" \
    '    X         COST              -1.0   MOST               1.0' "    MARKER    'MARKER'  'INTEND'" 'RHS' \
    '    RHS       MOST               5.0' ${2:+'BOUNDS' "$2"} 'ENDATA' >"$1.mps"
}
optima() {
  glpk=$(LD_LIBRARY_PATH=$LIBRARIES root/usr/bin/glpsol --freemps "$1.mps" -o /dev/stdout | sed -nE 's/^Objective: .* = (-?[0-9]+) .*/\1/p')
  cbc=$(LD_LIBRARY_PATH=$LIBRARIES root/usr/bin/cbc "$1.mps" solve quit | sed -nE "s/^Objective value: +(-?[0-9]+).*/\\1/p")
  lp_solve=$(LD_LIBRARY_PATH=$LIBRARIES root/usr/bin/lp_solve -fmps "$1.mps" | sed -nE 's/^Value of objective function: (-?[0-9]+).*/\1/p')
  echo "glpk $glpk, cbc $cbc, lp_solve $lp_solve, ojalgo $(java -cp 'lib/*' Finding.java "$1.mps")"
}
model default
model stated ' PL BOUND     X'
seen="without bounds: $(optima default); with PL: $(optima stated)"
echo "$seen"
test "$seen" = "without bounds: glpk -1, cbc -1, lp_solve -5, ojalgo -5; with PL: glpk -5, cbc -5, lp_solve -5, ojalgo -5"
