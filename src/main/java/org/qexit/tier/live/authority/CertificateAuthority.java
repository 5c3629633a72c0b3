package org.qexit.tier.live.authority;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.PemFiles;
import org.qexit.tier.live.security.Role;

/**
 * A deployment's certificate authority. Its directory holds {@code ca.pem}, {@code ca.key.pem} (mode 0600), {@code crl.pem}, {@code
 * index.json} and, for every process, a directory {@code ROLE-ID} with what {@code --tls} reads. Each change holds the directory's lock.
 */
public final class CertificateAuthority {
    private static final String KEY = "ca.key.pem";
    private static final String INDEX = "index.json";
    private static final int AUTHORITY_DAYS = 3_652;
    /** As long as certificates are usually valid: who renews these has the list renewed as well. */
    private static final int LIST_DAYS = 90;

    private final Path directory;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(Path directory) {
        this.directory = directory;
        certificate = PemFiles.certificate(directory.resolve(Credentials.AUTHORITY));
        key = PemFiles.key(directory.resolve(KEY));
    }

    /**
     * Makes an authority with a new key, valid for ten years.
     *
     * @throws UserError if there is one already
     */
    public static CertificateAuthority init(Path directory, String fleet) {
        CertificateIndex index = CertificateIndex.empty(fleet);
        return DirectoryLock.holding(directory, () -> {
            if (Files.exists(directory.resolve(INDEX))) {
                throw new UserError(directory + ": holds an authority already. Maybe choose another directory");
            }
            KeyPair pair = CertificateMaker.keyPair();
            AtomicFiles.writeSecret(
                    directory.resolve(KEY),
                    CertificateMaker.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            AtomicFiles.writeString(
                    directory.resolve(Credentials.AUTHORITY),
                    CertificateMaker.pem(
                            "CERTIFICATE", CertificateMaker.authority(fleet, pair, Validity.days(AUTHORITY_DAYS))));
            CertificateAuthority made = new CertificateAuthority(directory);
            made.writeList(index, Validity.days(LIST_DAYS));
            return made;
        });
    }

    /** @throws UserError if there is none, or its files are not readable */
    public static CertificateAuthority open(Path directory) {
        if (!Files.exists(directory.resolve(INDEX))) {
            throw new UserError(
                    directory + ": holds no authority. Maybe make one: qexit certificates init " + directory);
        }
        CertificateAuthority authority = new CertificateAuthority(directory);
        authority.completeList();
        return authority;
    }

    /** The deployment's name. */
    public String fleet() {
        return index().fleet();
    }

    /** Everything issued so far, in order. */
    public List<Issued> list() {
        return index().issued();
    }

    /**
     * Issues a certificate with a new key. One of before stays valid until it ends or is revoked; its files are replaced.
     *
     * @return the directory with {@code cert.pem}, {@code key.pem} (mode 0600), {@code ca.pem} and {@code crl.pem}
     */
    public Path issue(CertificateRequest request) {
        return DirectoryLock.holding(directory, () -> issueLocked(request));
    }

    private Path issueLocked(CertificateRequest request) {
        Identity identity = request.identity();
        CertificateIndex index = index();
        if (!identity.fleet().equals(index.fleet())) {
            throw new UserError(
                    directory + ": is the authority of the fleet " + index.fleet() + ", not " + identity.fleet());
        }
        BigInteger serial = CertificateMaker.serial();
        Json.write(
                directory.resolve(INDEX),
                index.with(new Issued(
                        serial.toString(16),
                        identity.toUri(),
                        request.validity().from().toString(),
                        request.validity().to().toString(),
                        null)));
        KeyPair pair = CertificateMaker.keyPair();
        byte[] made = CertificateMaker.process(request, serial, pair, certificate, key);
        Path target = directory.resolve(identity.role().word() + "-" + identity.id());
        AtomicFiles.writeDirectory(target, folder -> fill(folder, pair, made));
        return target;
    }

    private void fill(Path folder, KeyPair pair, byte[] made) {
        AtomicFiles.writeSecret(
                folder.resolve(Credentials.KEY),
                CertificateMaker.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        AtomicFiles.writeString(folder.resolve(Credentials.CERTIFICATE), CertificateMaker.pem("CERTIFICATE", made));
        for (String shared : List.of(Credentials.AUTHORITY, Credentials.REVOCATIONS)) {
            AtomicFiles.write(folder.resolve(shared), temporary -> Files.copy(directory.resolve(shared), temporary));
        }
    }

    /**
     * Revokes all certificates of a process that are not revoked yet, and writes the list.
     *
     * @return those that have been revoked now
     * @throws UserError if there is none
     */
    public List<Issued> revoke(Role role, String id) {
        return revoke(
                one -> one.identity().role() == role && one.identity().id().equals(id),
                role.word() + " '" + UserError.shown(id) + "'");
    }

    /** As {@link #revoke(Role, String)}, for the one certificate of a serial number (hexadecimal). */
    public List<Issued> revoke(String serial) {
        return revoke(one -> one.serial().equals(serial), "the serial '" + UserError.shown(serial) + "'");
    }

    private List<Issued> revoke(Predicate<Issued> which, String whose) {
        return DirectoryLock.holding(directory, () -> {
            CertificateIndex before = index();
            List<Issued> found = before.issued().stream()
                    .filter(one -> one.revoked() == null && which.test(one))
                    .toList();
            if (found.isEmpty()) {
                throw new UserError(directory + ": no certificate of " + whose + " that is not revoked yet");
            }
            writeList(before.revoked(which, Instant.now().truncatedTo(ChronoUnit.SECONDS)), Validity.days(LIST_DAYS));
            return found;
        });
    }

    /** Writes the revocation list anew, valid from now. */
    public void renewList() {
        renewList(Validity.days(LIST_DAYS));
    }

    /** As {@link #renewList()}, valid as stated. */
    public void renewList(Validity validity) {
        locked(() -> writeList(index(), validity));
    }

    private void locked(Runnable work) {
        DirectoryLock.holding(directory, () -> {
            work.run();
            return this;
        });
    }

    /** The index first: a list that was given out has its number and all its entries in there. */
    private void writeList(CertificateIndex index, Validity validity) {
        CertificateIndex next = index.nextList();
        Json.write(directory.resolve(INDEX), next);
        String list =
                CertificateMaker.pem("X509 CRL", CertificateMaker.revocationList(next, validity, certificate, key));
        for (String folder : folders(next)) {
            if (Files.isDirectory(directory.resolve(folder))) {
                AtomicFiles.writeString(directory.resolve(folder).resolve(Credentials.REVOCATIONS), list);
            }
        }
        // Last: as long as it lacks something, completeList writes all again.
        AtomicFiles.writeString(directory.resolve(Credentials.REVOCATIONS), list);
    }

    /** Ends what a process killed between index and list has begun. */
    private void completeList() {
        locked(() -> {
            CertificateIndex index = index();
            Path file = directory.resolve(Credentials.REVOCATIONS);
            Set<BigInteger> listed = Files.exists(file) ? PemFiles.revoked(file) : null;
            Set<BigInteger> revoked = index.issued().stream()
                    .filter(one -> one.revoked() != null)
                    .map(Issued::number)
                    .collect(Collectors.toSet());
            if (!revoked.equals(listed)) {
                writeList(index, Validity.days(LIST_DAYS));
            }
        });
    }

    private static List<String> folders(CertificateIndex index) {
        return index.issued().stream()
                .map(one -> one.identity().role().word() + "-" + one.identity().id())
                .distinct()
                .toList();
    }

    private CertificateIndex index() {
        return Json.read(directory.resolve(INDEX), CertificateIndex.class);
    }
}
