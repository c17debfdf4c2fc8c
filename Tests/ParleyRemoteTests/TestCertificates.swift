/// An authority that nobody else trusts, and a certificate of it for `hooks.test`; both from 2020 to 2120. Made with openssl for these tests.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBeDCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhUZXN0IGF1
        dGhvcml0eSBvZiBQYXJsZXkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
        MDBaMCMxITAfBgNVBAMMGFRlc3QgYXV0aG9yaXR5IG9mIFBhcmxleTBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABNNAPLs5lfNSaDr8ic2V9RtosAe5wL+3qWj6qDK9
        0B681GmVOpJZW0FYmO5sSq1267zgk/Ga1xVSBE7+D6WLTIqjQjBAMA8GA1UdEwEB
        /wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBQCaMwWlC8UoWdTWl58
        EW5gMKtRFjAKBggqhkjOPQQDAgNHADBEAiA1PxkdjJx1fH8SaUhv95WKt0ve54rd
        +uS4ExHBpNbVtQIgeTO5WHDjJQmvjDH2R6+Zb0G1e54ekYV08GU7+DxRa9M=
        -----END CERTIFICATE-----
        """

    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBojCCAUigAwIBAgIBAjAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhUZXN0IGF1
        dGhvcml0eSBvZiBQYXJsZXkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
        MDBaMBUxEzARBgNVBAMMCmhvb2tzLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
        BwNCAAQzh2Yg+wmAxDjE4FrbSxCd8kMeatuIVPjgd+N5dbKLn/Yf0EdYqDgmu1KQ
        5uAoFQCp/wzhBpijtIh7jImDDwqfo3kwdzAJBgNVHRMEAjAAMBMGA1UdJQQMMAoG
        CCsGAQUFBwMBMBUGA1UdEQQOMAyCCmhvb2tzLnRlc3QwHQYDVR0OBBYEFDICD2Y9
        /yA1cgyZWJmoXKLlOxyOMB8GA1UdIwQYMBaAFAJozBaULxShZ1NaXnwRbmAwq1EW
        MAoGCCqGSM49BAMCA0gAMEUCIQDg1Ada/b08gyvnxwRGtrxXNSnQpoXWPzJQAlh9
        ZPWONQIgC+uso8gj5FWuPKm8pT+ngkd6br+0YIMxhIOyut4pZoM=
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzsnfS4Hh0heNT4lt
        JTxhJhAp8y3JrqvKGd405Kmmly2hRANCAAQzh2Yg+wmAxDjE4FrbSxCd8kMeatuI
        VPjgd+N5dbKLn/Yf0EdYqDgmu1KQ5uAoFQCp/wzhBpijtIh7jImDDwqf
        -----END PRIVATE KEY-----
        """
}
