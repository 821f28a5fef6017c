(* Matrices whose principal minors are positive, and the regions of a network (theorem G1, the equivalence of (a) and (c)).

   - det(B + diag(d)) is the sum over all sets T of rows of det B[T, T] times the product of the d_i outside T. So if B is a P-matrix
     (all principal minors are positive) and all d_i >= 0, det(B + diag(d)) > 0: no principal submatrix has an eigenvalue <= 0.
   - In the region of a PLRNN (A = diag(a)) whose active units are T, M = A + W D has the characteristic polynomial of
     (A + W)[T, T] times the product of x - a_j over the other units.
   - So if A + W is a P-matrix and all a_j > 0, every real eigenvalue in every region is positive, and det M > 0.
   - Over a real closed field also the converse: that is G1, (a) <=> (c) and A > 0.

   Left to prose: (b) and (d) of G1. *)

From mathcomp Require Import all_ssreflect all_fingroup all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The principal submatrix with the rows and columns in T. *)
Definition sub (R : Type) n (T : {set 'I_n}) (B : 'M[R]_n) : 'M[R]_#|T| :=
  mxsub (@enum_val _ (mem T)) (@enum_val _ (mem T)) B.

Section Determinants.

Variable R : comRingType.

Lemma det_mxsub_bij p n (s : 'I_p -> 'I_n) (A : 'M[R]_n) : bijective s -> \det (mxsub s s A) = \det A.
Proof.
move=> bij; have eq : p = n by have := bij_eq_card bij; rewrite !card_ord.
subst p; pose g := perm (bij_inj bij).
have -> : mxsub s s A = row_perm g (col_perm g A) by apply/matrixP => i j; rewrite !mxE !permE.
rewrite row_permE col_permE !det_mulmx !det_perm odd_permV mulrCA -expr2 sqrr_sign mulr1 //.
Qed.

Lemma det_columns n (T : {set 'I_n}) (Q : 'M[R]_n) : (forall i j, j \notin T -> i != j -> Q i j = 0) ->
  \det Q = \det (sub T Q) * \prod_(j | j \notin T) Q j j.
Proof.
move=> diag.
pose s (k : 'I_(#|T| + #|~: T|)) := match split k with inl a => enum_val a | inr b => enum_val b end.
have inj : injective s.
  move=> x y; rewrite /s -{2}[x]splitK -{2}[y]splitK.
  case: (split x) => a; case: (split y) => b /= eq.
  - by rewrite (enum_val_inj eq).
  - by have := enum_valP a; have := enum_valP b; rewrite -eq inE => /negPf->.
  - by have := enum_valP a; have := enum_valP b; rewrite -eq inE => ->.
  - by rewrite (enum_val_inj eq).
have bij : bijective s by apply: inj_card_bij; rewrite // !card_ord cardsC card_ord.
rewrite -(det_mxsub_bij _ bij).
pose D := sub (~: T) Q.
have -> : mxsub s s Q = block_mx (sub T Q) 0 (\matrix_(i, j) Q (enum_val i) (enum_val j)) D.
  apply/matrixP => i j; rewrite !mxE /s; case: (split i) => a; rewrite !mxE; case: (split j) => b; rewrite !mxE //.
  rewrite diag //; first by have := enum_valP b; rewrite inE.
  by apply: contraTneq (enum_valP a) => ->; have := enum_valP b; rewrite inE.
rewrite det_lblock; congr (_ * _).
have -> : D = diag_mx (\row_j Q (enum_val j) (enum_val j)).
  apply/matrixP => i j; rewrite !mxE; have [->|ij] := eqVneq i j; first by rewrite mulr1n.
  rewrite mulr0n diag //; first by have := enum_valP j; rewrite inE.
  by apply: contra ij => /eqP/enum_val_inj->.
rewrite det_diag (eq_bigr (fun i => Q (enum_val i) (enum_val i))) => [|i _]; last by rewrite mxE.
by rewrite -(big_enum_val (fun j => Q j j)); apply: eq_bigl => j; rewrite inE.
Qed.

Lemma sub_tr n (T : {set 'I_n}) (B : 'M[R]_n) : sub T B^T = (sub T B)^T.
Proof. by apply/matrixP => i j; rewrite !mxE. Qed.

Theorem det_add_diag n (B : 'M[R]_n) (d : 'rV_n) :
  \det (B + diag_mx d) = \sum_(T : {set 'I_n}) \det (sub T B) * \prod_(i | i \notin T) d 0 i.
Proof.
pose Q (T : {set 'I_n}) := \matrix_(i, j) (if i \in T then B i j else diag_mx d i j).
transitivity (\sum_(T : {set 'I_n}) \det (Q T)); last first.
  apply: eq_bigr => T _; rewrite -det_tr (@det_columns _ T) => [|i j jT ij]; last first.
    by rewrite !mxE (negPf jT) eq_sym (negPf ij).
  rewrite sub_tr det_tr; congr (\det _ * _).
    by apply/matrixP => i j; rewrite !mxE enum_valP.
  by apply: eq_bigr => j jT; rewrite !mxE (negPf jT) eqxx mulr1n.
rewrite /determinant exchange_big; apply: eq_bigr => g _ /=; rewrite -mulr_sumr; congr (_ * _).
rewrite (eq_bigr (fun i => \sum_(b : bool) if b then B i (g i) else diag_mx d i (g i))) => [|i _]; last first.
  by rewrite big_bool !mxE.
rewrite bigA_distr_bigA (reindex (fun T : {set 'I_n} => [ffun i => i \in T])); last first.
  exists (fun f : {ffun _} => [set i | f i]) => [T|f] _; first by apply/setP => i; rewrite inE ffunE.
  by apply/ffunP => i; rewrite ffunE inE.
by apply: eq_bigr => T _; apply: eq_bigr => i _; rewrite ffunE !mxE.
Qed.

End Determinants.

Section Minors.

Variables (R : realFieldType) (n : nat).
Implicit Types (B : 'M[R]_n) (T : {set 'I_n}).

(* All principal minors are positive, the rows and columns being taken in any order. *)
Definition P_matrix m (B : 'M[R]_m) := forall k (f : 'I_k -> 'I_m), injective f -> 0 < \det (mxsub f f B).

(* It is enough to look at each set once. *)
Theorem P_matrix_sets B : P_matrix B <-> forall T, 0 < \det (sub T B).
Proof.
split=> [P T|P k f inj]; first by apply: P; apply: enum_val_inj.
pose T := [set f i | i : 'I_k].
have inT i : f i \in T by apply: imset_f.
pose g i := enum_rank_in (inT i) (f i).
have gE i : enum_val (g i) = f i by rewrite enum_rankK_in.
have bij : bijective g.
  apply: inj_card_bij => [i j eq|]; first by apply: inj; rewrite -!gE eq.
  by rewrite !card_ord card_imset // card_ord.
have <- : \det (mxsub g g (sub T B)) = \det (mxsub f f B).
  by congr (\det _); apply/matrixP => i j; rewrite !mxE !gE.
by rewrite det_mxsub_bij.
Qed.

Theorem P_matrix_sub B T : P_matrix B -> P_matrix (sub T B).
Proof.
move=> P k f inj; rewrite /sub -mxsub_comp; apply: P.
by move=> i j /enum_val_inj /inj.
Qed.

Theorem P_matrix_shift m (B : 'M[R]_m) (d : 'rV_m) : P_matrix B -> (forall i, 0 <= d 0 i) -> 0 < \det (B + diag_mx d).
Proof.
move=> P d0; rewrite det_add_diag (bigD1 setT) //= addrC ltr_paddl //.
  apply: sumr_ge0 => T _; apply: mulr_ge0; last by apply: prodr_ge0 => i _.
  by apply/ltW/P/enum_val_inj.
rewrite mulr_gt0 //; first by apply: P; apply: enum_val_inj.
by rewrite big_pred0 ?ltr01 // => i; rewrite inE.
Qed.

Lemma eigenvalue_det m (B : 'M[R]_m) x : eigenvalue B x -> \det (B + diag_mx (const_mx (- x))) = 0.
Proof.
case/eigenvalueP=> v vB v0; apply/eqP/det0P; exists v => //.
by rewrite diag_const_mx mulmxDr vB mul_mx_scalar scaleNr subrr.
Qed.

Theorem P_matrix_eigenvalue m (B : 'M[R]_m) x : P_matrix B -> eigenvalue B x -> 0 < x.
Proof.
move=> P /eigenvalue_det eq; rewrite ltNge; apply/negP => x0.
by have := P_matrix_shift (d := const_mx (- x)) P; rewrite eq ltxx => /(_ _)/negP[] // i; rewrite mxE oppr_ge0.
Qed.

End Minors.

(* The regions of a PLRNN z -> (A + W D) z + h with A = diag(a), T the set of active units. *)
Section Regions.

Variables (R : comRingType) (n : nat) (a : 'rV[R]_n) (W : 'M[R]_n).

Definition region (T : {set 'I_n}) := diag_mx a + \matrix_(i, j) (if j \in T then W i j else 0).

Lemma region_outside (T : {set _}) i j : j \notin T -> region T i j = diag_mx a i j.
Proof. by move=> jT; rewrite !mxE (negPf jT) addr0. Qed.

Lemma region_inside T : sub T (region T) = sub T (diag_mx a + W).
Proof. by apply/matrixP => i j; rewrite !mxE enum_valP. Qed.

Theorem region_det T : \det (region T) = \det (sub T (diag_mx a + W)) * \prod_(j | j \notin T) a 0 j.
Proof.
rewrite (@det_columns _ _ T) => [|i j jT ij]; last by rewrite region_outside // mxE (negPf ij).
by rewrite region_inside; congr (_ * _); apply: eq_bigr => j jT; rewrite region_outside // mxE eqxx.
Qed.

Theorem region_char_poly T :
  char_poly (region T) = char_poly (sub T (diag_mx a + W)) * \prod_(j | j \notin T) ('X - (a 0 j)%:P).
Proof.
rewrite /char_poly (@det_columns _ _ T) => [|i j jT ij]; last first.
  by rewrite /char_poly_mx !mxE (negPf ij) (negPf jT) !addr0 mulr0n subr0 //.
congr (\det _ * _).
  by rewrite -region_inside; apply/matrixP => i j; rewrite !mxE (inj_eq enum_val_inj).
by apply: eq_bigr => j jT; rewrite !mxE eqxx (negPf jT) addr0 !mulr1n.
Qed.

End Regions.

Section G1.

Variables (R : realFieldType) (n : nat) (a : 'rV[R]_n) (W : 'M[R]_n).

Theorem G1_principal T x :
  P_matrix (diag_mx a + W) -> (forall j, 0 < a 0 j) -> eigenvalue (region a W T) x -> 0 < x.
Proof.
move=> P a0; rewrite eigenvalue_root_char region_char_poly rootM -eigenvalue_root_char => /orP[|].
  exact: P_matrix_eigenvalue (P_matrix_sub P).
by rewrite /root horner_prod => /prodf_eq0[j jT]; rewrite !hornerE subr_eq0 => /eqP->.
Qed.

Theorem G1_det T : P_matrix (diag_mx a + W) -> (forall j, 0 < a 0 j) -> 0 < \det (region a W T).
Proof.
move=> P a0; rewrite region_det mulr_gt0 ?prodr_gt0 //.
by apply: P; apply: enum_val_inj.
Qed.

End G1.

(* Over a real closed field. *)
Section Converse.

Variable R : rcfType.

Lemma tail_positive (f : nat -> R) k (c := \sum_(i < k) `|f i|) : 0 < \sum_(i < k) f i * (1 + c) ^+ i + (1 + c) ^+ k.
Proof.
have c0 : 0 <= c by apply: sumr_ge0.
have t1 : 1 <= 1 + c by rewrite ler_addl.
have t0 : 0 < 1 + c by apply: lt_le_trans ltr01 t1.
case: k @c c0 t1 t0 => [|k] c c0 t1 t0; first by rewrite big_ord0 add0r expr0 ltr01.
rewrite -ltr_subl_addl sub0r (le_lt_trans (y := c * (1 + c) ^+ k)) //; last first.
  by rewrite exprS ltr_pmul2r ?exprn_gt0 // ltr_addr ltr01.
rewrite -sumrN.
have -> : c * (1 + c) ^+ k = \sum_(i < k.+1) `|f i| * (1 + c) ^+ k by rewrite -mulr_suml.
apply: ler_sum => i _.
rewrite -mulNr (le_trans (ler_wpmul2r _ (ler_norm _))) ?exprn_ge0 ?(ltW t0) // normrN.
by rewrite ler_wpmul2l // ler_weexpn2l // -ltnS.
Qed.

Lemma monic_positive (p : {poly R}) : p \is monic -> exists2 t, 0 <= t & 0 < p.[t].
Proof.
move=> monic; exists (1 + \sum_(i < (size p).-1) `|p`_i|); first by rewrite addr_ge0 ?ler01 ?sumr_ge0.
rewrite (horner_coef_wide _ (leqSpred (size p))) big_ord_recr /= -lead_coefE (monicP monic) mul1r.
exact: tail_positive.
Qed.

Theorem det_positive m (B : 'M[R]_m) : (forall x, eigenvalue B x -> 0 < x) -> 0 < \det B.
Proof.
move=> pos; pose p := char_poly (- B).
have no_root t : 0 <= t -> root p t = false.
  move=> t0; apply/negP; rewrite -eigenvalue_root_char => /eigenvalueP[v vB v0].
  have /pos : eigenvalue B (- t).
    by apply/eigenvalueP; exists v => //; rewrite scaleNr -vB mulmxN opprK.
  by rewrite oppr_gt0 ltNge t0.
have p0 : p.[0] = \det B.
  by rewrite horner_coef0 char_poly_det -scaleN1r detZ mulrA -expr2 sqrr_sign mul1r.
have [t t0 pt] := monic_positive (char_poly_monic (- B)).
rewrite ltNge; apply/negP; rewrite -p0 => neg.
have [|x /andP[x0 _] px] := @poly_ivt R p 0 t t0; first by rewrite neg (ltW pt).
by rewrite no_root in px.
Qed.

(* G1: (a) holds if and only if (c) holds and A > 0. *)
Theorem G1 n (a : 'rV[R]_n) (W : 'M[R]_n) :
  (forall T x, eigenvalue (region a W T) x -> 0 < x) <-> P_matrix (diag_mx a + W) /\ forall j, 0 < a 0 j.
Proof.
split=> [pos|[P a0] T x]; last exact: G1_principal.
split.
  apply/P_matrix_sets => T; apply: det_positive => x xT; apply: (pos T).
  by rewrite eigenvalue_root_char region_char_poly rootM -eigenvalue_root_char xT.
move=> j; apply: (pos set0); rewrite eigenvalue_root_char region_char_poly (bigD1 j) ?inE //=.
by rewrite !rootM root_XsubC eqxx orbT.
Qed.

End Converse.
