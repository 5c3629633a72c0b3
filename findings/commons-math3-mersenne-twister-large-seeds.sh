#!/usr/bin/env bash
# Apache Commons Math 3.6.1: MersenneTwister(int) is the reference's init_genrand, as NumPy's RandomState(seed), C++'s std::mt19937 and npm's
# mersenne-twister have it, for seeds below 2^31 only. A seed from 2^31 to 2^32 - 1 has to be given as a negative int, and the seeding then carries
# the sign along: every draw is another one than theirs, in silence. Who repeats a published experiment by its seed gets other data.
# What one would do: stay below 2^31, or take a generator that takes the seed as unsigned.
# Output seen: 42: 1608637542 1608637542, 2147483653: 1672158134 4091337257 (commons-math3, npm mersenne-twister 1.1.0)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/Finding.java" <<'JAVA'
import org.apache.commons.math3.random.MersenneTwister;

public class Finding {
    public static void main(String[] args) {
        for (String seed : args) {
            System.out.println(Integer.toUnsignedString(new MersenneTwister(Integer.parseUnsignedInt(seed)).nextInt()));
        }
    }
}
JAVA
mvn -q -B dependency:copy -Dartifact="org.apache.commons:commons-math3:3.6.1" -DoutputDirectory="$folder/lib"
npm install --silent --no-save --prefix "$folder" mersenne-twister@1.1.0
java=($(java -cp "$folder/lib/*" "$folder/Finding.java" 42 2147483653))
node=($(cd "$folder" && node -e 'const T = require("mersenne-twister"); for (const s of [42, 2147483653]) console.log(new T(s).random_int())'))
seen="42: ${java[0]} ${node[0]}, 2147483653: ${java[1]} ${node[1]}"
echo "$seen"
test "$seen" = "42: 1608637542 1608637542, 2147483653: 1672158134 4091337257"
